use causeway_accounts::{create_account, require, require_derived, Fault};
use causeway_hub_state::{ClientState, ConsensusState, KnownSet, WrongLayout};
use pinocchio::{error::ProgramError, AccountView, Address};

/// The client in an account that this program owns.
pub fn read_client(program: &Address, account: &AccountView) -> Result<ClientState, ProgramError> {
    require(account.owned_by(program), Fault::WrongOwner)?;
    ClientState::read(&account.try_borrow()?).map_err(wrong_layout)
}

/// Where something of a client is kept, whether it is there yet or not.
pub struct Place<'a> {
    program: &'a Address,
    client: &'a [u8; 32],
    kind: &'static [u8],
    /// BE64(height) or a set's hash.
    name: &'a [u8],
    bump: u8,
}

impl<'a> Place<'a> {
    /// The place of a height's state, which `account` has to be.
    pub fn of_state(
        program: &'a Address,
        client: &'a [u8; 32],
        height: &'a [u8; 8],
        account: &AccountView,
    ) -> Result<Self, ProgramError> {
        Self::of(program, client, ConsensusState::SEED, height, account)
    }

    /// The place of what is known of a set, which `account` has to be.
    pub fn of_set(
        program: &'a Address,
        client: &'a [u8; 32],
        set_hash: &'a [u8; 32],
        account: &AccountView,
    ) -> Result<Self, ProgramError> {
        Self::of(program, client, KnownSet::SEED, set_hash, account)
    }

    #[inline(always)] // five arguments at most, a slice is two
    fn of(
        program: &'a Address,
        client: &'a [u8; 32],
        kind: &'static [u8],
        name: &'a [u8],
        account: &AccountView,
    ) -> Result<Self, ProgramError> {
        let bump = require_derived(account, &[kind, client, name], program)?;
        Ok(Self { program, client, kind, name, bump })
    }

    /// Makes the account.
    pub fn create(
        &self,
        payer: &AccountView,
        account: &AccountView,
        bytes: usize,
    ) -> Result<(), ProgramError> {
        let bump = [self.bump];
        let seeds: [&[u8]; 4] = [self.kind, self.client, self.name, &bump];
        create_account(payer, account, self.program, bytes, &seeds)
    }
}

/// A height's state; nothing: there is none.
pub fn read_state(program: &Address, account: &AccountView) -> Result<Option<ConsensusState>, ProgramError> {
    if !account.owned_by(program) {
        return Ok(None);
    }
    ConsensusState::read(&account.try_borrow()?).map(Some).map_err(wrong_layout)
}

/// What is known of a set; nothing: it is not known.
pub fn read_set(program: &Address, account: &AccountView) -> Result<Option<KnownSet>, ProgramError> {
    if !account.owned_by(program) {
        return Ok(None);
    }
    KnownSet::read(&account.try_borrow()?).map(Some).map_err(wrong_layout)
}

/// Writes what is known of a set, into a new account if there is none.
pub fn write_set(
    place: &Place,
    payer: &AccountView,
    account: &mut AccountView,
    set_hash: &[u8; 32],
    known: &KnownSet,
) -> Result<(), ProgramError> {
    if !account.owned_by(place.program) {
        place.create(payer, account, KnownSet::BYTES)?;
    }
    known.write(&mut account.try_borrow_mut()?, place.client, set_hash);
    Ok(())
}

/// As the fault of an account.
pub fn wrong_layout(_: WrongLayout) -> ProgramError {
    Fault::WrongLayout.into()
}
