//! The command line.

mod admin_address;
mod arguments;
mod cache;
mod check;
mod completions;
mod config_print;
mod config_schema;
mod demo;
mod drift;
mod evidence;
mod example;
mod explain;
mod healthcheck;
mod lists;
mod online;
mod print;
mod replay;
mod serve;
mod status;
mod version;

use std::process::ExitCode;

use clap::Parser;

use admin_address::admin_address;
use arguments::{CacheCommand, Cli, Command, ConfigCommand, EvidenceCommand, Format, SchemaOf};
use print::{print, print_error, print_mistakes};

use crate::app::Addresses;
use crate::output;

/// Runs the command and says how the process ends.
#[must_use]
pub fn main() -> ExitCode {
    let code = run(Cli::parse().command);
    output::flush(output::LAST_LINES);
    code
}

fn run(command: Command) -> ExitCode {
    match command {
        Command::Demo {
            listen,
            admin,
            sandbox,
            traces,
            once,
        } => demo::run(
            Addresses {
                listen,
                admin,
                sandbox,
            },
            traces.as_deref(),
            once,
        ),
        Command::Serve { config, watch } => serve::run(&config.config, watch),
        Command::Check {
            config,
            online,
            format,
        } => check::run(&config.config, online, format),
        Command::Explain {
            operation,
            body,
            parameters,
            config,
            format,
        } => explain::run(
            &config.config,
            &operation,
            body.as_deref(),
            &parameters,
            format,
        ),
        Command::Routes { config, format } => lists::routes(&config.config, format),
        Command::Problems { config, format } => lists::problems(&config.config, format),
        Command::Openapi { config } => lists::openapi(&config.config),
        Command::Config {
            command: ConfigCommand::Schema { of },
        } => config_schema::run(of),
        Command::Config {
            command: ConfigCommand::Print { config, format },
        } => config_print::run(&config.config, format),
        Command::Cache {
            command:
                CacheCommand::Purge {
                    tag,
                    all: _,
                    config,
                    admin,
                    format,
                },
        } => cache::purge(&config.config, admin, tag.as_deref(), format),
        Command::Drift {
            config,
            admin,
            format,
        } => drift::run(&config.config, admin, format),
        Command::Evidence { command } => match command {
            EvidenceCommand::List {
                config,
                admin,
                format,
            } => evidence::list(&config.config, admin, format),
            EvidenceCommand::Show {
                trace_id,
                config,
                admin,
                format,
            } => evidence::show(&config.config, admin, &trace_id, format),
        },
        Command::Replay {
            file,
            config,
            contract,
            format,
        } => replay::run(&file, &config.config, contract.as_deref(), format),
        Command::Status {
            config,
            admin,
            format,
        } => status::status(&config.config, admin, format),
        Command::Reload {
            config,
            admin,
            format,
        } => status::reload(&config.config, admin, format),
        Command::Healthcheck { config, admin } => healthcheck::run(&config.config, admin),
        Command::Version { json, format } => version::run(if json { Format::Json } else { format }),
        Command::Completions { shell } => completions::run(shell),
    }
}
