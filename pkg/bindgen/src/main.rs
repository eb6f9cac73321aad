//! Generates the JavaScript bindings of a module, and removes the linker's data from the module: `streamlint-bindgen
//! MODULE FOLDER`.

use std::env;
use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let (Some(module), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: streamlint-bindgen MODULE FOLDER".into());
    };
    Bindgen::new()
        .input_path(module)
        .out_name("streamlint")
        .web(true)?
        // Each entry of the package finds the module itself.
        .omit_default_module_path(true)
        // After a panic, the package creates a new instance.
        .reset_state_function(true)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    Ok(())
}
