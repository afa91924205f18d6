//! Collateral vault: ICS-20 on Solana. Tokens go in by a deposit, which sends a packet, and come out by a
//! packet proven from the hub. Nobody else moves them: no owner, no upgrade. Everything is kept by line:
//! (client, mint). A client's account names its core and its hub, so that whatever a core of somebody
//! else's making does touches its own lines only; there is nothing to configure. Rules, accounts and bytes:
//! docs/solana-programs.md. The same vault on the EVM: contracts/evm/docs/vault.md.
#![no_std]
extern crate alloc;

mod application;
mod claim;
mod core_client;
mod deposit;
mod ended;
mod exit;
mod exit_open;
mod exit_proof;
mod fault;
mod initialise;
mod line;
mod mint;
mod open_line;
mod pay_claim;
mod receive;
mod token;
mod void_claim;
mod window;

use causeway_accounts::{read_instruction, Fault as AccountFault, Instruction};
use pinocchio::{nostd_panic_handler, program_entrypoint, AccountView, Address, ProgramResult};

program_entrypoint!(process, 48);
pinocchio::default_allocator!();
nostd_panic_handler!();

#[inline(never)]
fn process(program: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    let Instruction { kind, mut message, accounts } = read_instruction(accounts, data)?;
    match kind {
        0 => initialise::initialise(program, accounts, &mut message),
        1 => open_line::open_line(program, accounts, &mut message),
        2 => deposit::deposit(program, accounts, &mut message),
        3 => pay_claim::pay_claim(program, accounts, &mut message),
        4 => void_claim::void_claim(program, accounts, &mut message),
        5 => exit_open::exit_open(program, accounts, &mut message),
        6 => exit::exit(program, accounts, &mut message),
        0x10 => receive::receive(program, accounts, &mut message),
        0x11 => ended::acknowledged(program, accounts, &mut message),
        0x12 => ended::timed_out(program, accounts, &mut message),
        _ => Err(AccountFault::UnknownInstruction.into()),
    }
}
