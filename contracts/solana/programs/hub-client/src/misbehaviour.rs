use crate::accounts::{read_client, read_set, wrong_layout, Place};
use crate::error::HubError;
use crate::events;
use crate::message::{Attestation, Header};
use crate::sets::{heard_at, Sets};
use crate::update::{freeze, require_signed};
use causeway_accounts::{now_seconds, Fault};
use causeway_hub_state::ClientState;
use causeway_wire::Reader;
use pinocchio::{AccountView, Address, ProgramResult};

/// Freezes a client that is shown two headers that contradict each other: different ones of one height, or
/// times that go backwards. Each is signed by a set that is heard. Also within a trusting period after the
/// client stopped: a state that exit claims would be proven under, contradicted as well, is given up.
pub fn misbehaviour(program: &Address, accounts: &[AccountView], mut message: Reader) -> ProgramResult {
    let &[mut client, first_set, second_set] = accounts else {
        return Err(Fault::MissingAccount.into());
    };
    let first = Header::read(&mut message)?;
    let second = Header::read(&mut message)?;
    message.finish().map_err(HubError::from)?;
    let mut state = read_client(program, &client)?;
    let at = heard_at(&state, now_seconds()?)?;
    if !contradict(&first.attestation, &second.attestation) {
        return Err(HubError::NoMisbehaviour.into());
    }
    for (header, set) in [(&first, &first_set), (&second, &second_set)] {
        require_heard(program, &client, set, &state, header, at)?;
    }
    let height = first.attestation.height.min(second.attestation.height);
    freeze(&mut state, height, at);
    state.write(&mut *client.try_borrow_mut()?);
    events::frozen(client.address().as_array(), height);
    Ok(())
}

/// At one height the hub attests one state, and its time never goes back.
fn contradict(a: &Attestation, b: &Attestation) -> bool {
    match a.height.cmp(&b.height) {
        core::cmp::Ordering::Less => a.time_seconds > b.time_seconds,
        core::cmp::Ordering::Greater => a.time_seconds < b.time_seconds,
        core::cmp::Ordering::Equal => a.bytes != b.bytes,
    }
}

#[inline(always)] // six arguments: one too many for a function of this machine
fn require_heard(
    program: &Address,
    client: &AccountView,
    set: &AccountView,
    state: &ClientState,
    header: &Header,
    at_seconds: u64,
) -> ProgramResult {
    let signers_hash = header.set.hash();
    Place::of_set(program, client.address().as_array(), &signers_hash, set)?;
    let data = client.try_borrow()?;
    let marks = ClientState::marks(&data).map_err(wrong_layout)?;
    let signers = read_set(program, set)?;
    let sets = Sets { client: state, marks, signers_hash, signers, named: None };
    sets.require_heard(&header.attestation, at_seconds)?;
    Ok(require_signed(header, state)?)
}
