//! The commands and their arguments.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// One JSON interface in front of iSpring Learn and Netex learningCentral.
///
/// Exit codes: 0 done, 1 refused or failed (the reason stands on standard error), 2 wrong usage.
#[derive(Parser)]
#[command(name = "lms-gateway", version, max_term_width = 100)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// Run the gateway over a sandbox of both vendors; no account needed
    Demo {
        /// Where callers connect
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Metrics and health
        #[arg(long, default_value = "127.0.0.1:9464")]
        admin: SocketAddr,
        /// Where the sandbox takes faults and shows its state
        #[arg(long, default_value = "127.0.0.1:9465")]
        sandbox: SocketAddr,
        /// An OTLP receiver for the spans of all requests, such as http://127.0.0.1:4318
        #[arg(long)]
        traces: Option<String>,
        /// Run the worked example and end
        #[arg(long)]
        once: bool,
    },
    /// Run the gateway
    Serve {
        #[command(flatten)]
        config: Config,
        /// Reload when settings, contract, a file of CAs or a key of a caller or operator changes
        #[arg(long)]
        watch: bool,
    },
    /// Read configuration and contract and list everything that is wrong; needs no secrets
    #[command(after_help = CHECK)]
    Check {
        #[command(flatten)]
        config: Config,
        /// Then try each vendor: name, connection, TLS, token and the harmless read that the contract names
        #[arg(long)]
        online: bool,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the exact vendor request of an operation, secrets masked, and send nothing
    Explain {
        /// An operationId of the contract; `routes` lists them
        operation: String,
        /// A file with the JSON body; - for standard input
        #[arg(long)]
        body: Option<PathBuf>,
        /// A path or query parameter
        #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter)]
        parameters: Vec<(String, String)>,
        #[command(flatten)]
        config: Config,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// List the unified operations and their vendor calls
    Routes {
        #[command(flatten)]
        config: Config,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// List every problem that a caller can meet
    Problems {
        #[command(flatten)]
        config: Config,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print the public OpenAPI document
    Openapi {
        #[command(flatten)]
        config: Config,
    },
    /// About the configuration files
    Config {
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// About the cache of a running gateway
    Cache {
        #[command(subcommand)]
        command: CacheCommand,
    },
    /// Print an OpenAPI Overlay that would accept what the vendors of a running gateway answer; nothing applies it
    Drift {
        #[command(flatten)]
        config: Config,
        /// The admin address, instead of the one in the configuration
        #[arg(long)]
        admin: Option<SocketAddr>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// About what a running gateway keeps of requests that failed; on its own machine
    Evidence {
        #[command(subcommand)]
        command: EvidenceCommand,
    },
    /// Run a record of `evidence show` again, without network or secrets; exit code 1 where it comes to something else
    Replay {
        /// The record; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        config: Config,
        /// A contract alone, instead of the configuration's
        #[arg(long, value_name = "FILE")]
        contract: Option<PathBuf>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Show how a running gateway and its vendors do, and its last problems
    Status {
        #[command(flatten)]
        config: Config,
        /// The admin address, instead of the one in the configuration
        #[arg(long)]
        admin: Option<SocketAddr>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Have a running gateway read its configuration again, as SIGHUP does, and say what became of it
    Reload {
        #[command(flatten)]
        config: Config,
        /// The admin address, instead of the one in the configuration
        #[arg(long)]
        admin: Option<SocketAddr>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Ask a running gateway whether it is ready; for containers
    Healthcheck {
        #[command(flatten)]
        config: Config,
        /// The admin address, instead of the one in the configuration
        #[arg(long)]
        admin: Option<SocketAddr>,
    },
    /// Print version, revision, compiler and target of this binary
    Version {
        /// The same as --format json
        #[arg(long, conflicts_with = "format")]
        json: bool,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print a script by which a shell completes these commands
    #[command(after_help = COMPLETIONS)]
    Completions {
        #[arg(value_enum)]
        shell: Shell,
    },
}

const CHECK: &str = "\
--online needs the secrets that `serve` needs, takes half a minute at most, changes nothing at a vendor
and fails (1) where a vendor cannot be used from here.";

const COMPLETIONS: &str = "\
Where the script belongs:
  bash        lms-gateway completions bash > ~/.local/share/bash-completion/completions/lms-gateway
  zsh         lms-gateway completions zsh > ~/.zfunc/_lms-gateway   (with `fpath+=~/.zfunc` before `compinit`)
  fish        lms-gateway completions fish > ~/.config/fish/completions/lms-gateway.fish
  elvish      lms-gateway completions elvish >> ~/.config/elvish/rc.elv
  powershell  lms-gateway completions powershell >> $PROFILE";

#[derive(Subcommand)]
pub(super) enum ConfigCommand {
    /// Print the JSON Schema of gateway.yaml and of the contract's extensions
    Schema {
        /// Only one of the two
        #[arg(value_enum)]
        of: Option<SchemaOf>,
    },
    /// Print what every setting is and where it comes from, secrets masked; opens no secrets
    Print {
        #[command(flatten)]
        config: Config,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Subcommand)]
pub(super) enum CacheCommand {
    /// Drop what a tag covers, or everything, at all replicas that share a store; reads under way keep nothing of it either
    Purge {
        /// For example room.list, room.id=2145 or room.*
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        tag: Option<String>,
        /// Everything
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        config: Config,
        /// The admin address, instead of the one in the configuration
        #[arg(long)]
        admin: Option<SocketAddr>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Subcommand)]
pub(super) enum EvidenceCommand {
    /// List the records, the newest first
    List {
        #[command(flatten)]
        config: Config,
        /// The admin address, instead of the one in the configuration
        #[arg(long)]
        admin: Option<SocketAddr>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Print one record: the file that `replay` reads
    Show {
        /// Of the problem or the log line; of several records of one trace the newest
        trace_id: String,
        #[command(flatten)]
        config: Config,
        /// The admin address, instead of the one in the configuration
        #[arg(long)]
        admin: Option<SocketAddr>,
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum SchemaOf {
    Gateway,
    Contract,
}

#[derive(clap::Args)]
pub(super) struct Config {
    /// The settings file
    #[arg(long, default_value = "config/gateway.yaml", value_name = "FILE")]
    pub(super) config: PathBuf,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    #[default]
    Text,
    Json,
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
