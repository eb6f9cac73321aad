//! Output derived from the definition of the arguments: completions for shells, and the manual page.

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

/// A script that makes a shell complete the command.
pub(super) fn completions(shell: Shell, command: &mut Command) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, command, "streamlint", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual page of the command, with its subcommands as sections.
pub(super) fn page(mut command: Command) -> String {
    command.build();
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = Man::new(command.clone()).render(&mut page);
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        let name = subcommand.get_bin_name().unwrap_or(subcommand.get_name()).to_owned();
        let man = Man::new(subcommand.clone());
        page.extend(format!(".SH {}\n", name.to_uppercase()).bytes());
        let _ = man.render_description_section(&mut page).and_then(|()| man.render_options_section(&mut page));
    }
    String::from_utf8_lossy(&page).into_owned()
}
