//! Payloads of the records; integers are little-endian. A record is `tag u8 ‖ length u32 ‖ payload`.

use agave_geyser_plugin_interface::geyser_plugin_interface::{
    ReplicaAccountInfoV3, ReplicaBlockInfoV4, ReplicaTransactionInfoV3, SlotStatus,
};

/// The first record: name and version of the format.
pub const VERSION: u8 = 0;
pub const VERSION_TEXT: &str = "causeway-records/1";
pub const ACCOUNT: u8 = 1;
pub const SLOT_STATUS: u8 = 2;
/// Without payload.
pub const END_OF_STARTUP: u8 = 3;
pub const BLOCK: u8 = 4;
pub const TRANSACTION: u8 = 5;

/// slot u64 ‖ is startup u8 ‖ write version u64 ‖ pubkey ‖ lamports u64 ‖ owner ‖ executable u8
/// ‖ rent epoch u64 ‖ has signature u8 [‖ signature 64] ‖ data length u32 ‖ data.
pub fn account(account: &ReplicaAccountInfoV3, slot: u64, is_startup: bool) -> Vec<u8> {
    let mut payload = Vec::with_capacity(200 + account.data.len());
    payload.extend(slot.to_le_bytes());
    payload.push(is_startup.into());
    payload.extend(account.write_version.to_le_bytes());
    payload.extend(account.pubkey);
    payload.extend(account.lamports.to_le_bytes());
    payload.extend(account.owner);
    payload.push(account.executable.into());
    payload.extend(account.rent_epoch.to_le_bytes());
    payload.push(account.txn.is_some().into());
    if let Some(transaction) = account.txn {
        payload.extend(transaction.signature().as_ref());
    }
    payload.extend(length_of(account.data));
    payload.extend(account.data);
    payload
}

/// slot u64 ‖ has parent u8 ‖ parent u64 ‖ status, a text.
pub fn slot_status(slot: u64, parent: Option<u64>, status: &SlotStatus) -> Vec<u8> {
    let mut payload = slot.to_le_bytes().to_vec();
    payload.push(parent.is_some().into());
    payload.extend(parent.unwrap_or(0).to_le_bytes());
    payload.extend(status.as_str().as_bytes());
    payload
}

/// JSON.
pub fn block(block: &ReplicaBlockInfoV4) -> Vec<u8> {
    let rewards: Vec<_> = block
        .rewards
        .rewards
        .iter()
        .map(|reward| {
            serde_json::json!({
                "pubkey": reward.pubkey,
                "lamports": reward.lamports,
                "post": reward.post_balance,
                "type": reward.reward_type.map(|kind| format!("{kind:?}")),
            })
        })
        .collect();
    let json = serde_json::json!({
        "slot": block.slot,
        "blockhash": block.blockhash,
        "parentSlot": block.parent_slot,
        "parentBlockhash": block.parent_blockhash,
        "height": block.block_height,
        "time": block.block_time,
        "executed": block.executed_transaction_count,
        "entries": block.entry_count,
        "rewards": rewards,
        "numPartitions": block.rewards.num_partitions,
    });
    json.to_string().into_bytes()
}

/// slot u64 ‖ index u32 ‖ is vote u8 ‖ is error u8 ‖ fee u64 ‖ length u32 ‖ wire bytes.
pub fn transaction(transaction: &ReplicaTransactionInfoV3, slot: u64) -> Result<Vec<u8>, String> {
    let index = u32::try_from(transaction.index).map_err(|error| error.to_string())?;
    let wire = bincode::serialize(transaction.transaction).map_err(|error| error.to_string())?;
    let status = transaction.transaction_status_meta;
    let mut payload = slot.to_le_bytes().to_vec();
    payload.extend(index.to_le_bytes());
    payload.push(transaction.is_vote.into());
    payload.push(status.status.is_err().into());
    payload.extend(status.fee.to_le_bytes());
    payload.extend(length_of(&wire));
    payload.extend(wire);
    Ok(payload)
}

/// The runtime allows 10 MiB; what is too long for its length is too long for a record: `Output` refuses it.
fn length_of(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes()
}
