//! The hub's light client: follows the hub by its validators' attestations. The same rules as
//! contracts/evm/src/hub-client and libs/light-clients/src/attestation; docs/attestation.md explains them.
//!
//! No owner and no upgrade. What a client believes follows from the attestation it was made with and from
//! attestations signed by more than 2/3 of the set that the one before names. Two that contradict each other
//! freeze it for ever; so does, in effect, no new one for the trusting period. Anybody makes a client, and
//! anybody moves it on; whoever relies on one names its address, which commits to what it began with. Proofs
//! are no instruction of this program: others read its accounts (crates/hub-state) and verify themselves
//! (crates/ics23).
//!
//! Instructions, their first byte, accounts (w: writable, s: signer):
//!
//!     0 initialise    payer ws, client w, state w, set w, system program
//!                     attestation 80 ‖ set hash of its signers 32 ‖ chain id
//!     1 update        payer ws, client w, state w, signers' set w, named set w, system program
//!                     header
//!     2 misbehaviour  client w, signers' set of each header
//!                     two headers
//!     3 take back     client w, state at its exit height
//!     4 close state   client, state w, who paid for it w
//!
//! A message that is too long for a transaction stands in an account: crates/accounts, `read_instruction`.
//! Addresses are derived: client ("client", H(all of instruction 0 but its first byte)), state ("state",
//! client, BE64(height)), set ("set", client, set hash). Return data of an update: see `Outcome`.
#![no_std]

mod accounts;
mod attestation;
mod close_state;
mod error;
mod events;
mod initialise;
mod message;
mod misbehaviour;
mod sets;
mod take_back;
mod update;

use causeway_accounts::{read_instruction, Fault, Instruction};
use pinocchio::{
    default_allocator, nostd_panic_handler, program_entrypoint, AccountView, Address, ProgramResult,
};

program_entrypoint!(process, 8);
default_allocator!();
nostd_panic_handler!();

fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Instruction { kind, message, accounts } = read_instruction(accounts, data)?;
    match kind {
        0 => initialise::initialise(program, accounts, message),
        1 => update::update(program, accounts, message),
        2 => misbehaviour::misbehaviour(program, accounts, message),
        3 => take_back::take_back(program, accounts),
        4 => close_state::close_state(program, accounts),
        _ => Err(Fault::UnknownInstruction.into()),
    }
}
