//! Turns the wasm that cargo built into the module that the npm package ships: `streamlint-pkg-build IN.wasm OUT.wasm`.
//!
//! This is the other half of `#[wasm_bindgen]`. The crate's door passes nothing but numbers, so the JavaScript that
//! comes along is not needed, and a module that imports something is refused: `src/door.js` has nothing to give it.

use std::env;
use std::error::Error;
use std::fs;
use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [input, output] = arguments.as_slice() else {
        eprintln!("usage: streamlint-pkg-build IN.wasm OUT.wasm");
        return ExitCode::from(2);
    };
    match build(input, output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("streamlint-pkg-build: {input}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build(input: &str, output: &str) -> Result<(), Box<dyn Error>> {
    let mut module = Bindgen::new()
        .input_bytes("streamlint", fs::read(input)?)
        .bundler(true)?
        .typescript(false)
        // wasm-opt takes the names out at the end; until then they say what weighs.
        .remove_producers_section(true)
        .generate_output()?;
    let wasm = module.wasm_mut();
    if let Some(import) = wasm.imports.iter().next() {
        return Err(format!(
            "the module imports {} from {}, and nobody is there to give it",
            import.name, import.module
        )
        .into());
    }
    fs::write(output, wasm.emit_wasm())?;
    Ok(())
}
