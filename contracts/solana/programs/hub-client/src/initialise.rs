use crate::accounts::{write_set, wrong_layout, Place};
use crate::error::HubError;
use crate::events;
use crate::message::Attestation;
use crate::sets::TRUSTING_PERIOD_SECONDS;
use crate::update::require_not_future;
use causeway_accounts::{create_account, now_seconds, require_derived, require_signer, Fault};
use causeway_hub_state::{ClientState, ConsensusState, KnownSet, MARK_SECONDS};
use causeway_wire::{sha256, Reader};
use pinocchio::{AccountView, Address, ProgramResult};

/// Makes a client with one attestation that is trusted: nothing of it is verified. Its address says what it
/// began with, so it does not matter who made it.
pub fn initialise(program: &Address, accounts: &[AccountView], mut message: Reader) -> ProgramResult {
    let &[payer, mut client, mut state, mut set, _system] = accounts else {
        return Err(Fault::MissingAccount.into());
    };
    require_signer(&payer)?;
    // 1. Judge
    let mut whole = message;
    let trusted = Attestation::read(&mut message)?;
    let signers_hash: &[u8; 32] = message.array().map_err(HubError::from)?;
    let chain_id = message.take(message.remaining()).map_err(HubError::from)?;
    require_valid(&trusted, signers_hash, chain_id)?;
    require_not_future(&trusted, now_seconds()?)?;
    // 2. Write
    let id = sha256(&[whole.take(whole.remaining()).map_err(HubError::from)?]);
    let bump = [require_derived(&client, &[b"client", &id], program)?];
    let seeds: [&[u8]; 3] = [b"client", &id, &bump];
    create_account(&payer, &client, program, ClientState::BYTES, &seeds)?;
    let state_of = initial(&trusted, signers_hash, sha256(&[chain_id]), id);
    {
        let mut data = client.try_borrow_mut()?;
        state_of.write(&mut data);
        let mark = trusted.time_seconds / MARK_SECONDS;
        ClientState::marks_mut(&mut data).map_err(wrong_layout)?.set(mark, trusted.height);
    }
    let address = client.address().as_array();
    write_state(program, address, &payer, &mut state, &trusted, 0)?;
    if trusted.next_set_hash != signers_hash {
        let known = KnownSet { start_height: trusted.height, end_seconds: trusted.time_seconds };
        let place = Place::of_set(program, address, signers_hash, &set)?;
        write_set(&place, &payer, &mut set, signers_hash, &known)?;
    }
    // 3. Tell
    events::accepted(address, &trusted);
    Ok(())
}

/// Height 2 is the first that the hub attests.
fn require_valid(trusted: &Attestation, signers_hash: &[u8; 32], chain_id: &[u8]) -> Result<(), HubError> {
    if chain_id.is_empty() || trusted.height < 2 || trusted.time_seconds == 0 {
        return Err(HubError::InvalidTrusted);
    }
    if [trusted.app_hash, trusted.next_set_hash, signers_hash].contains(&&[0; 32]) {
        return Err(HubError::ZeroHash);
    }
    Ok(())
}

fn initial(
    trusted: &Attestation,
    signers_hash: &[u8; 32],
    chain_id_hash: [u8; 32],
    id: [u8; 32],
) -> ClientState {
    let is_rotating = trusted.next_set_hash != signers_hash;
    ClientState {
        latest_height: trusted.height,
        latest_time_seconds: trusted.time_seconds,
        trusting_period_seconds: TRUSTING_PERIOD_SECONDS,
        frozen_at_seconds: 0,
        exit_height: trusted.height,
        trusted_height: trusted.height,
        trusted_time_seconds: trusted.time_seconds,
        set_start: if is_rotating { trusted.height.saturating_add(1) } else { trusted.height },
        previous_set_start: trusted.height,
        contradicted_height: u64::MAX,
        chain_id_hash,
        set_hash: *trusted.next_set_hash,
        previous_set_hash: *signers_hash,
        id,
    }
}

/// Makes the account of a height's state.
pub fn write_state(
    program: &Address,
    client: &[u8; 32],
    payer: &AccountView,
    state: &mut AccountView,
    attestation: &Attestation,
    previous_height: u64,
) -> ProgramResult {
    let height = attestation.height.to_be_bytes();
    Place::of_state(program, client, &height, state)?.create(payer, state, ConsensusState::BYTES)?;
    let accepted = ConsensusState {
        client: *client,
        height: attestation.height,
        time_seconds: attestation.time_seconds,
        app_hash: *attestation.app_hash,
        next_set_hash: *attestation.next_set_hash,
        previous_height,
        payer: *payer.address().as_array(),
    };
    accepted.write(&mut *state.try_borrow_mut()?);
    Ok(())
}
