//! The command line of the packer: `cargo xtask image`.

use std::process::ExitCode;

use clap::Parser as _;
use spindle_image::Options;

fn main() -> ExitCode {
    match spindle_image::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
