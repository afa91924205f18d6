use crate::fault::Fault;
use causeway_accounts::require;
use causeway_packets::Reader;
use pinocchio::{error::ProgramError, AccountView, Address};

/// TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA
pub const TOKEN_PROGRAM: Address = Address::new_from_array([
    6, 221, 246, 225, 215, 101, 161, 147, 217, 203, 225, 70, 206, 235, 121, 172, 28, 180, 133, 237, 95, 91,
    55, 145, 58, 140, 245, 133, 126, 255, 0, 169,
]);
/// TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb
pub const TOKEN_2022_PROGRAM: Address = Address::new_from_array([
    6, 221, 246, 225, 238, 117, 143, 222, 24, 66, 93, 188, 228, 108, 205, 218, 182, 26, 252, 77, 131, 185,
    13, 39, 254, 189, 249, 40, 216, 161, 139, 252,
]);

const MINT_BYTES: usize = 82;
const DECIMALS: usize = 44;
const IS_INITIALISED: usize = 45;
/// Of an account with extensions: accounts and mints are told apart behind the length of an account.
const KIND: usize = 165;
const KIND_MINT: u8 = 1;
/// Extensions that change what is shown and nothing that moves: interest-bearing (of the shown amount),
/// metadata pointer, metadata, group pointer, group, member pointer, member.
const HARMLESS: [u16; 7] = [10, 18, 19, 20, 21, 22, 23];

/// Decimals of a mint that lines may be opened for and that deposits are taken of. Refused are transfer
/// fees, transfer hooks, confidential transfers, permanent delegates, frozen by default, closable, pausable
/// and non-transferable mints, and every extension that did not exist when this was written.
#[inline(never)]
pub fn require_plain_mint(mint: &AccountView, token_program: &AccountView) -> Result<u8, ProgramError> {
    let is_2022 = token_program.address() == &TOKEN_2022_PROGRAM;
    require(is_2022 || token_program.address() == &TOKEN_PROGRAM, Fault::WrongTokenProgram)?;
    require(mint.owned_by(token_program.address()), Fault::MintRefused)?;
    let data = mint.try_borrow()?;
    require(data.len() >= MINT_BYTES && data[IS_INITIALISED] == 1, Fault::MintRefused)?;
    if data.len() > MINT_BYTES {
        require(is_2022 && data.get(KIND) == Some(&KIND_MINT), Fault::MintRefused)?;
        require_harmless(&data[KIND + 1..])?;
    }
    Ok(data[DECIMALS])
}

/// Type u16 ‖ length u16 ‖ value, again and again; type 0 ends them.
#[inline(never)]
fn require_harmless(extensions: &[u8]) -> Result<(), ProgramError> {
    let mut reader = Reader::new(extensions);
    while reader.remaining() >= 4 {
        let (kind, length) = (reader.u16(), reader.u16());
        let (Ok(kind), Ok(length)) = (kind, length) else { return Err(Fault::MintRefused.into()) };
        if kind == 0 {
            break;
        }
        let is_harmless = HARMLESS.contains(&kind) && reader.take(length.into()).is_ok();
        require(is_harmless, Fault::MintRefused)?;
    }
    Ok(())
}
