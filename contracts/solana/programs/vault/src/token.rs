//! Accounts of tokens: SPL Token and Token-2022 have the same first 165 bytes.
use crate::fault::Fault;
use crate::line::{Line, ESCROW_SEED, LINE_SEED};
use causeway_accounts::{invoke, next, require, require_derived, require_derived_by, Access, Accounts};
use pinocchio::{error::ProgramError, AccountView, Address, ProgramResult};

pub const TOKEN_ACCOUNT_BYTES: usize = 165;
/// ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL
const ASSOCIATED_PROGRAM: Address = Address::new_from_array([
    140, 151, 37, 143, 78, 36, 137, 241, 187, 61, 16, 41, 20, 142, 13, 131, 11, 90, 19, 153, 218, 255, 16,
    132, 4, 142, 123, 216, 219, 233, 248, 89,
]);
const OWNER: usize = 32;
const AMOUNT: usize = 64;
const STATE: usize = 108;
/// Of a mint.
const DECIMALS: usize = 44;
const INITIALISED: u8 = 1;
const TRANSFER_CHECKED: u8 = 12;

/// What an account of a token says.
struct TokenAccount {
    mint: Address,
    owner: Address,
    amount: u64,
    state: u8,
}

/// Base units in an account.
fn balance(account: &AccountView, token_program: &Address) -> Result<u64, ProgramError> {
    Ok(read(account, token_program)?.amount)
}

/// Whether a wallet's associated account takes tokens now: it is still the wallet's and is not frozen. An
/// error for any other account, or when there is none yet, which is for the relayer to put right.
#[inline(never)]
fn takes_tokens(
    account: &AccountView,
    wallet: &[u8; 32],
    mint: &Address,
    token_program: &Address,
) -> Result<bool, ProgramError> {
    let seeds: [&[u8]; 3] = [wallet, token_program.as_ref(), mint.as_ref()];
    require_derived(account, &seeds, &ASSOCIATED_PROGRAM)?;
    require(account.owned_by(token_program), Fault::DestinationMissing)?;
    let held = read(account, token_program)?;
    Ok(&held.mint == mint && held.owner.as_array() == wallet && held.state == INITIALISED)
}

/// The accounts by which a line's tokens move.
pub struct Tokens {
    /// The line, which owns them.
    pub line: AccountView,
    pub escrow: AccountView,
    pub mint: AccountView,
    pub program: AccountView,
    /// Where they go, or come from.
    pub wallet: AccountView,
}

impl Tokens {
    /// Line, escrow (both writable), mint, token program, account of a wallet's (writable).
    #[inline(never)]
    pub fn next(accounts: &mut Accounts) -> Result<Tokens, ProgramError> {
        Ok(Tokens {
            line: next(accounts)?,
            escrow: next(accounts)?,
            mint: next(accounts)?,
            program: next(accounts)?,
            wallet: next(accounts)?,
        })
    }

    /// An error unless these are the line's own.
    #[inline(never)]
    pub fn require_line(&self, program: &Address, line: &Line) -> Result<(), ProgramError> {
        let seeds = [ESCROW_SEED, self.line.address().as_ref(), &[line.escrow_bump]];
        require_derived_by(&self.escrow, &seeds, program)?;
        let is_line = self.mint.address() == &line.mint && self.program.address() == &line.token_program;
        require(is_line, Fault::WrongLine)
    }

    /// Writes the line.
    pub fn write(&self, line: &Line) -> ProgramResult {
        let mut account = self.line;
        let mut data = account.try_borrow_mut()?;
        line.write(&mut data);
        Ok(())
    }

    /// Whether the wallet's associated account takes tokens now, see `takes_tokens`.
    pub fn reach(&self, wallet: &[u8; 32]) -> Result<bool, ProgramError> {
        takes_tokens(&self.wallet, wallet, self.mint.address(), self.program.address())
    }

    /// Takes tokens of the owner's into the line: what arrives has to be what is sent.
    #[inline(never)]
    pub fn take(&self, owner: &AccountView, amount: u64, decimals: u8) -> ProgramResult {
        let before = balance(&self.escrow, self.program.address())?;
        self.transfer([&self.wallet, &self.escrow, owner], (amount, decimals), &[])?;
        let received = balance(&self.escrow, self.program.address())?.checked_sub(before);
        require(received == Some(amount), Fault::AmountMismatch)
    }

    /// Moves tokens out of the line to the wallet.
    #[inline(never)]
    pub fn pay(&self, line: &Line, amount: u64) -> ProgramResult {
        let decimals = self.mint.try_borrow()?.get(DECIMALS).copied().ok_or(Fault::MintRefused)?;
        let seeds: [&[u8]; 4] = [LINE_SEED, line.client.as_ref(), line.mint.as_ref(), &[line.bump]];
        self.transfer([&self.escrow, &self.wallet, &self.line], (amount, decimals), &seeds)
    }

    /// TransferChecked: source, destination and authority; amount and the mint's decimals.
    #[inline(always)] // a function of this machine has five arguments at most; a slice is two
    fn transfer(
        &self,
        [source, destination, authority]: [&AccountView; 3],
        (amount, decimals): (u64, u8),
        seeds: &[&[u8]],
    ) -> ProgramResult {
        let mut data = [TRANSFER_CHECKED; 10];
        data[1..9].copy_from_slice(&amount.to_le_bytes());
        data[9] = decimals;
        let list = [
            (*source, Access::WRITE),
            (self.mint, Access::READ),
            (*destination, Access::WRITE),
            (*authority, Access::SIGN),
        ];
        invoke(self.program.address(), &list, &data, seeds)
    }
}

#[inline(never)]
fn read(account: &AccountView, token_program: &Address) -> Result<TokenAccount, ProgramError> {
    require(account.owned_by(token_program), Fault::WrongTokenAccount)?;
    let data = account.try_borrow()?;
    require(data.len() >= TOKEN_ACCOUNT_BYTES, Fault::WrongTokenAccount)?;
    let mut amount = [0u8; 8];
    amount.copy_from_slice(&data[AMOUNT..AMOUNT + 8]);
    Ok(TokenAccount {
        mint: address_at(&data, 0),
        owner: address_at(&data, OWNER),
        amount: u64::from_le_bytes(amount),
        state: data[STATE],
    })
}

fn address_at(data: &[u8], place: usize) -> Address {
    let mut bytes = [0u8; 32];
    bytes.copy_from_slice(&data[place..place + 32]);
    Address::new_from_array(bytes)
}
