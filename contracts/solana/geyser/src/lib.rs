//! A Geyser plugin that writes what a validator executes to one file, from which the relayer computes bank
//! hashes and proofs: accounts, slots, blocks, transactions. `records.rs` has the format, `output.rs` the
//! file.
//!
//! A gap in the file would be found only later, as a bank hash that does not fit. The validator goes on when
//! a plugin returns an error, so whatever can't be written ends the process instead (`output::stop`).

mod output;
mod records;

use agave_geyser_plugin_interface::geyser_plugin_interface::{
    GeyserPlugin, GeyserPluginError, ReplicaAccountInfoVersions, ReplicaBlockInfoVersions,
    ReplicaTransactionInfoVersions, Result, SlotStatus,
};
use output::{stop, Output};

/// The plugin; `output` is there from `on_load` on.
#[derive(Debug, Default)]
struct Recorder {
    output: Option<Output>,
}

impl Recorder {
    fn write(&self, tag: u8, payload: &[u8]) {
        match &self.output {
            Some(output) => output.write(tag, payload),
            None => stop("told of something before it was loaded"),
        }
    }
}

impl GeyserPlugin for Recorder {
    fn name(&self) -> &'static str {
        "causeway-geyser"
    }

    /// The configuration names the file: `{"libpath": "…", "records": "/path/of/the/file"}`. There must be
    /// none of this name yet: a second run's records are no continuation of the first's.
    fn on_load(&mut self, config_file: &str, _is_reload: bool) -> Result<()> {
        let config: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(config_file)?)
            .map_err(|error| GeyserPluginError::ConfigFileReadError { msg: error.to_string() })?;
        let Some(path) = config["records"].as_str() else {
            return Err(GeyserPluginError::ConfigFileReadError { msg: "\"records\" is missing".into() });
        };
        self.output = Some(Output::create(path)?);
        self.write(records::VERSION, records::VERSION_TEXT.as_bytes());
        Ok(())
    }

    fn on_unload(&mut self) {
        if let Some(output) = &self.output {
            output.flush();
        }
    }

    fn update_account(&self, account: ReplicaAccountInfoVersions, slot: u64, is_startup: bool) -> Result<()> {
        match account {
            ReplicaAccountInfoVersions::V0_0_3(account) => {
                self.write(records::ACCOUNT, &records::account(account, slot, is_startup))
            }
            _ => stop("accounts of an older interface"),
        }
        Ok(())
    }

    fn notify_end_of_startup(&self) -> Result<()> {
        self.write(records::END_OF_STARTUP, &[]);
        Ok(())
    }

    fn update_slot_status(&self, slot: u64, parent: Option<u64>, status: &SlotStatus) -> Result<()> {
        self.write(records::SLOT_STATUS, &records::slot_status(slot, parent, status));
        Ok(())
    }

    fn notify_block_metadata(&self, block: ReplicaBlockInfoVersions) -> Result<()> {
        match block {
            ReplicaBlockInfoVersions::V0_0_4(block) => self.write(records::BLOCK, &records::block(block)),
            _ => stop("blocks of an older interface"),
        }
        Ok(())
    }

    fn notify_transaction(&self, transaction: ReplicaTransactionInfoVersions, slot: u64) -> Result<()> {
        match transaction {
            ReplicaTransactionInfoVersions::V0_0_3(transaction) => {
                match records::transaction(transaction, slot) {
                    Ok(payload) => self.write(records::TRANSACTION, &payload),
                    Err(error) => stop(&format!("a transaction of slot {slot}: {error}")),
                }
            }
            _ => stop("transactions of an older interface"),
        }
        Ok(())
    }

    fn transaction_notifications_enabled(&self) -> bool {
        true
    }
}

/// What the validator looks up in the library.
///
/// # Safety
/// The caller is a validator of the version and compiler that this was built with, and takes the box over.
#[no_mangle]
#[allow(improper_ctypes_definitions)]
pub unsafe extern "C" fn _create_plugin() -> *mut dyn GeyserPlugin {
    Box::into_raw(Box::<Recorder>::default())
}
