use crate::accounts::{read_client, read_set, read_state, write_set, wrong_layout, Place};
use crate::attestation::verify;
use crate::error::HubError;
use crate::events;
use crate::initialise::write_state;
use crate::message::{Attestation, Header};
use crate::sets::{heard_at, merged, stopped_error, Sets, HEARING_PERIOD_SECONDS, TRUSTING_PERIOD_SECONDS};
use causeway_accounts::{now_seconds, require_signer, Fault};
use causeway_hub_state::{ClientState, ConsensusState, KnownSet, Status, MARK_SECONDS};
use causeway_wire::Reader;
use pinocchio::{cpi::set_return_data, error::ProgramError, AccountView, Address, ProgramResult};

/// What an update did: its return data, one byte.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Outcome {
    /// A state was stored.
    Updated,
    /// The header contradicts what was accepted before: the client is frozen from now on.
    Frozen,
    /// The header repeats what is stored: nothing was written.
    Unchanged,
    /// No state was stored, but a set by which the client may be contradicted.
    Learned,
}

/// What there is to write.
enum Change {
    Nothing,
    /// `named`: a set that the header names, and the states did not go on with.
    Accept {
        is_ahead: bool,
        named: Option<KnownSet>,
    },
    Freeze {
        height: u64,
    },
    Learn {
        named: KnownSet,
        at_seconds: u64,
    },
}

const CLOCK_DRIFT_SECONDS_MAX: u64 = 30;
/// Other clients of the hub count heights, and seconds since the first state, in four bytes.
const AHEAD_MAX: u64 = 0xffff_ffff;

/// Takes a header: a new height moves the client on or fills a gap; the same attestation again changes
/// nothing; one that contradicts what is known freezes the client. One that can be believed no more, by a
/// set that is still heard, tells of the set that it names.
pub fn update(program: &Address, accounts: &[AccountView], mut message: Reader) -> ProgramResult {
    let &[payer, client, state, signers_set, named_set, _system] = accounts else {
        return Err(Fault::MissingAccount.into());
    };
    require_signer(&payer)?;
    let header = Header::read(&mut message)?;
    message.finish().map_err(HubError::from)?;
    let current = read_client(program, &client)?;
    let signers_hash = header.set.hash();
    let now = now_seconds()?;
    let (stored, signers, named) =
        (read_state(program, &state)?, read_set(program, &signers_set)?, read_set(program, &named_set)?);
    let mut writer = Writer {
        program,
        address: *client.address().as_array(),
        payer,
        client,
        state,
        signers_set,
        named_set,
        current: &current,
        attestation: header.attestation,
        signers_hash,
        signers,
        named,
        now_seconds: now,
    };
    // Everything below goes by these addresses
    writer.require_places()?;
    let change = {
        let client_data = writer.client.try_borrow()?;
        let marks = ClientState::marks(&client_data).map_err(wrong_layout)?;
        judge(&header, &Sets { client: &current, marks, signers_hash, signers, named }, stored, now)?
    };
    let outcome = writer.write(&change)?;
    set_return_data(&[outcome as u8]);
    Ok(())
}

/// That the attested time is below now and what clocks may differ by.
pub fn require_not_future(attestation: &Attestation, now_seconds: u64) -> Result<(), HubError> {
    if attestation.time_seconds >= now_seconds.saturating_add(CLOCK_DRIFT_SECONDS_MAX) {
        return Err(HubError::FromTheFuture);
    }
    Ok(())
}

/// Freezes a client; `take back` gives up the states that are contradicted, as far as exits are concerned.
/// `at_seconds`: now, or when the client stopped.
pub fn freeze(client: &mut ClientState, height: u64, at_seconds: u64) {
    if !client.is_frozen() {
        client.frozen_at_seconds = at_seconds;
        client.exit_height = client.latest_height;
    }
    client.contradicted_height = client.contradicted_height.min(height);
}

#[inline(never)]
fn judge(header: &Header, sets: &Sets, stored: Option<ConsensusState>, now: u64) -> Result<Change, HubError> {
    let client = sets.client;
    let attestation = &header.attestation;
    // 1. Judge: not from the future; what is too old, or shown too late, only teaches of a set
    require_not_future(attestation, now)?;
    let (status, _) = client.status(now);
    if status != Status::Active {
        return learn(header, sets, now, stopped_error(status));
    }
    if attestation.time_seconds <= now.saturating_sub(TRUSTING_PERIOD_SECONDS) {
        return learn(header, sets, now, HubError::TooOld);
    }
    // 2. Replay: what is stored needs no proof
    if stored.as_ref().is_some_and(|stored| is_same(stored, attestation)) {
        return Ok(Change::Nothing);
    }
    // 3. Authenticate: what contradicts by any set that is heard, what is new by that of its height
    let is_ahead = attestation.height > client.latest_height;
    if stored.is_some() || is_time_wrong(client, attestation, is_ahead) {
        sets.require_heard(attestation, now)?;
        require_signed(header, client)?;
        return Ok(Change::Freeze { height: attestation.height.min(client.latest_height) });
    }
    if let Some(refusal) = new_state_refusal(sets, attestation, is_ahead, now) {
        return learn(header, sets, now, refusal);
    }
    require_signed(header, client)?;
    require_not_too_far(client, attestation)?;
    let named = if is_ahead { None } else { sets.told_by(attestation, now) };
    Ok(Change::Accept { is_ahead, named })
}

/// Learns of the set that a header names whose state is not, or no longer, believed: so whoever was outrun
/// by a set that left can show who was in office, set by set, and contradict. Or refuses the header for
/// what it is good for nothing else.
fn learn(header: &Header, sets: &Sets, now: u64, refusal: HubError) -> Result<Change, HubError> {
    let at_seconds = heard_at(sets.client, now)?;
    let attestation = &header.attestation;
    let named = sets.told_by(attestation, at_seconds).ok_or(refusal)?;
    if attestation.height <= sets.standing_height(at_seconds, HEARING_PERIOD_SECONDS) {
        return Err(refusal);
    }
    require_signed(header, sets.client)?;
    Ok(Change::Learn { named, at_seconds })
}

/// Why a header can't be a new state: its set is not the one of its height, or it comes too late.
fn new_state_refusal(sets: &Sets, attestation: &Attestation, is_ahead: bool, now: u64) -> Option<HubError> {
    let client = sets.client;
    if is_ahead {
        return (sets.signers_hash != client.set_hash).then_some(HubError::WrongSet);
    }
    // The set that signed up to the latest height; while a rotation is pending, it is the one before
    let is_pending = client.set_start == client.latest_height.saturating_add(1);
    let (start, current) = if is_pending {
        (client.previous_set_start, &client.previous_set_hash)
    } else {
        (client.set_start, &client.set_hash)
    };
    if attestation.height < start {
        return Some(HubError::HeightBelowSet);
    }
    if sets.signers_hash != *current {
        return Some(HubError::WrongSet);
    }
    let is_standing = attestation.height <= sets.standing_height(now, TRUSTING_PERIOD_SECONDS);
    is_standing.then_some(HubError::HeightStands)
}

/// That the header's set, which is one to rely on here, signed it.
pub fn require_signed(header: &Header, client: &ClientState) -> Result<(), HubError> {
    let attestation = &header.attestation;
    if *attestation.app_hash == [0; 32] || *attestation.next_set_hash == [0; 32] {
        return Err(HubError::ZeroHash);
    }
    verify(header, &client.chain_id_hash)
}

fn require_not_too_far(client: &ClientState, attestation: &Attestation) -> Result<(), HubError> {
    let seconds = attestation.time_seconds.saturating_sub(client.trusted_time_seconds);
    let heights = attestation.height.saturating_sub(client.latest_height);
    if seconds > AHEAD_MAX || heights > AHEAD_MAX {
        return Err(HubError::TooFarAhead);
    }
    Ok(())
}

fn is_same(stored: &ConsensusState, attestation: &Attestation) -> bool {
    stored.time_seconds == attestation.time_seconds
        && stored.app_hash == *attestation.app_hash
        && stored.next_set_hash == *attestation.next_set_hash
}

/// The attested time never goes back from a height to the next, and is never before what the client began
/// with.
fn is_time_wrong(client: &ClientState, attestation: &Attestation, is_ahead: bool) -> bool {
    let time = attestation.time_seconds;
    if is_ahead {
        time < client.latest_time_seconds
    } else {
        time > client.latest_time_seconds || time < client.trusted_time_seconds
    }
}

/// The accounts of an update, and what they say before it.
struct Writer<'a> {
    program: &'a Address,
    address: [u8; 32],
    payer: AccountView,
    client: AccountView,
    state: AccountView,
    signers_set: AccountView,
    named_set: AccountView,
    current: &'a ClientState,
    attestation: Attestation<'a>,
    signers_hash: [u8; 32],
    signers: Option<KnownSet>,
    named: Option<KnownSet>,
    now_seconds: u64,
}

impl Writer<'_> {
    /// That state and sets are the accounts of this height and of these two sets.
    fn require_places(&self) -> ProgramResult {
        let height = self.attestation.height.to_be_bytes();
        Place::of_state(self.program, &self.address, &height, &self.state)?;
        Place::of_set(self.program, &self.address, &self.signers_hash, &self.signers_set)?;
        Place::of_set(self.program, &self.address, self.attestation.next_set_hash, &self.named_set)?;
        Ok(())
    }

    #[inline(never)]
    fn write(&mut self, change: &Change) -> Result<Outcome, ProgramError> {
        match *change {
            Change::Nothing => Ok(Outcome::Unchanged),
            Change::Freeze { height } => {
                let mut next = self.current.clone();
                freeze(&mut next, height, self.now_seconds);
                next.write(&mut *self.client.try_borrow_mut()?);
                events::frozen(&self.address, height);
                Ok(Outcome::Frozen)
            }
            Change::Learn { named, at_seconds } => {
                self.write_named(named, at_seconds)?;
                Ok(Outcome::Learned)
            }
            Change::Accept { is_ahead, named } => {
                if let Some(named) = named {
                    self.write_named(named, self.now_seconds)?;
                }
                let previous_height = if is_ahead { self.current.latest_height } else { 0 };
                let (program, attestation) = (self.program, &self.attestation);
                write_state(
                    program,
                    &self.address,
                    &self.payer,
                    &mut self.state,
                    attestation,
                    previous_height,
                )?;
                if is_ahead {
                    self.advance()?;
                }
                events::accepted(&self.address, &self.attestation);
                Ok(Outcome::Updated)
            }
        }
    }

    /// Remembers the set that the header names.
    fn write_named(&mut self, named: KnownSet, at_seconds: u64) -> ProgramResult {
        let hash = self.attestation.next_set_hash;
        let known = merged(self.named, named, at_seconds);
        let place = Place::of_set(self.program, &self.address, hash, &self.named_set)?;
        write_set(&place, &self.payer, &mut self.named_set, hash, &known)?;
        events::learned(&self.address, known.start_height, hash);
        Ok(())
    }

    fn advance(&mut self) -> ProgramResult {
        let attestation = self.attestation;
        let mut next = self.current.clone();
        if *attestation.next_set_hash != next.set_hash {
            self.write_left()?;
            next.previous_set_start = next.set_start;
            next.previous_set_hash = next.set_hash;
            next.set_start = attestation.height.checked_add(1).ok_or(HubError::TooFarAhead)?;
            next.set_hash = *attestation.next_set_hash;
            events::rotated(&self.address, next.set_start, &next.set_hash);
        }
        next.latest_height = attestation.height;
        next.latest_time_seconds = attestation.time_seconds;
        next.exit_height = attestation.height;
        let mut data = self.client.try_borrow_mut()?;
        next.write(&mut data);
        // The first height that is reached in each span of times is marked
        let mark = attestation.time_seconds / MARK_SECONDS;
        if mark != self.current.latest_time_seconds / MARK_SECONDS {
            ClientState::marks_mut(&mut data).map_err(wrong_layout)?.set(mark, attestation.height);
        }
        Ok(())
    }

    /// Remembers the set that leaves, the one that signed the header: for a while it may contradict.
    fn write_left(&mut self) -> ProgramResult {
        let left =
            KnownSet { start_height: self.current.set_start, end_seconds: self.attestation.time_seconds };
        let known = merged(self.signers, left, self.now_seconds);
        let place = Place::of_set(self.program, &self.address, &self.signers_hash, &self.signers_set)?;
        write_set(&place, &self.payer, &mut self.signers_set, &self.signers_hash, &known)
    }
}
