//! Not deployed: lets tests call the crates by themselves.
//!
//!     0 hash to G1    tag u8 length ‖ hints ‖ message; returns the point
//!     1 proof         app hash ‖ store ‖ 0 absence, 1 membership ‖ key, value, proof; each with its length,
//!                     u16, before it
//!     2 hub account   20 bytes; returns its text
#![no_std]

use causeway_bls12381::{hash_to_g1, HINT_BYTES};
use causeway_ics23::{verify_membership, verify_non_membership};
use causeway_packets::encode_hub_account;
use causeway_wire::{Reader, Truncated};
use pinocchio::{
    cpi::set_return_data, error::ProgramError, no_allocator, nostd_panic_handler, program_entrypoint,
    AccountView, Address, ProgramResult,
};

program_entrypoint!(process, 1);
no_allocator!();
nostd_panic_handler!();

fn process(_: &Address, accounts: &mut [AccountView], data: &[u8]) -> ProgramResult {
    // Longer input is in a buffer of the upload program
    match accounts {
        [buffer] => run(buffer.try_borrow()?.get(40..).ok_or(ProgramError::AccountDataTooSmall)?),
        _ => run(data),
    }
}

fn run(data: &[u8]) -> ProgramResult {
    let mut reader = Reader::new(data);
    match reader.u8().map_err(truncated)? {
        0 => hash(reader),
        1 => proof(reader),
        _ => hub_account(reader),
    }
}

fn hash(mut reader: Reader) -> ProgramResult {
    let tag_length = reader.u8().map_err(truncated)?;
    let tag = reader.take(usize::from(tag_length)).map_err(truncated)?;
    let hints = reader.take(HINT_BYTES).map_err(truncated)?;
    let message = reader.take(reader.remaining()).map_err(truncated)?;
    let point = hash_to_g1(message, tag, hints).map_err(|error| ProgramError::Custom(error as u32 + 1))?;
    set_return_data(&point);
    Ok(())
}

fn proof(mut reader: Reader) -> ProgramResult {
    let app_hash = reader.array().map_err(truncated)?;
    let store = part(&mut reader)?;
    let is_membership = reader.u8().map_err(truncated)? == 1;
    let (key, value, proof) = (part(&mut reader)?, part(&mut reader)?, part(&mut reader)?);
    let result = if is_membership {
        verify_membership(app_hash, store, key, value, proof)
    } else {
        verify_non_membership(app_hash, store, key, proof)
    };
    result.map_err(|error| ProgramError::Custom(error.code()))
}

fn hub_account(mut reader: Reader) -> ProgramResult {
    set_return_data(&encode_hub_account(reader.array().map_err(truncated)?));
    Ok(())
}

fn part<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], ProgramError> {
    let length = reader.u16().map_err(truncated)?;
    reader.take(usize::from(length)).map_err(truncated)
}

fn truncated(_: Truncated) -> ProgramError {
    ProgramError::InvalidInstructionData
}
