//! IBC v2 core on Solana: clients of the hub, their two trees of commitments, packets that go and come.
//! Every instruction is numbered steps: judge, prove, write, call the application, tell. No owner, no
//! upgrade. Accounts, bytes and rules: docs/solana-programs.md.
//! Spec: ICS-04 v2; DIFFERS FROM programs in public use: the light client's accounts are read in place,
//! receipts and acknowledgements stand in one tree whose paths the relayer brings.
#![no_std]
extern crate alloc;

mod acknowledge;
mod add_client;
mod application;
mod client;
mod event;
mod fault;
mod light_client;
mod pending;
mod receive;
mod register_port;
mod reopen;
mod retire;
mod roots;
mod send;
mod timeout;
mod touch;

use causeway_accounts::{read_instruction, Fault as AccountFault, Instruction};
use pinocchio::{nostd_panic_handler, program_entrypoint, AccountView, Address, ProgramResult};

program_entrypoint!(process, 48);
pinocchio::default_allocator!();
nostd_panic_handler!();

#[inline(never)]
fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Instruction { kind, mut message, accounts } = read_instruction(accounts, data)?;
    match kind {
        0 => add_client::add_client(program, accounts, &mut message),
        1 => register_port::register_port(program, accounts, &mut message),
        2 => touch::touch(program, accounts, &mut message),
        3 => send::send(program, accounts, &mut message),
        4 => receive::receive(program, accounts, &mut message),
        5 => acknowledge::acknowledge(program, accounts, &mut message),
        6 => timeout::timeout(program, accounts, &mut message),
        7 => retire::retire(program, accounts, &mut message),
        8 => reopen::reopen(program, accounts, &mut message),
        event::EVENT => event::hear(program, accounts),
        _ => Err(AccountFault::UnknownInstruction.into()),
    }
}
