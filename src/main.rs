//! The `streamlint` command.

fn main() -> std::process::ExitCode {
    streamlint::cli::run()
}
