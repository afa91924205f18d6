use crate::error::HubError;
use crate::message::Attestation;
use causeway_hub_state::{ClientState, KnownSet, Marks, Status, MARK_SECONDS};

/// How long a state is relied on after its attested time: 14 days.
pub const TRUSTING_PERIOD_SECONDS: u64 = 14 * 86_400;
/// How long a set may contradict after its time in office, and a state be contradicted: the hub's unbonding
/// period. As long, and no longer, signers can be slashed for it.
pub const HEARING_PERIOD_SECONDS: u64 = TRUSTING_PERIOD_SECONDS * 3 / 2;
/// A client that lives has a mark among any so many in a row.
const MARKS_APART_MAX: u64 = 15;

/// The two sets that a header speaks of, and what the client knows of them.
pub struct Sets<'a> {
    pub client: &'a ClientState,
    pub marks: Marks<&'a [u8]>,
    /// setHash of the header's set, and what is known of it.
    pub signers_hash: [u8; 32],
    pub signers: Option<KnownSet>,
    /// What is known of the set that the header names; its hash is in the attestation.
    pub named: Option<KnownSet>,
}

impl Sets<'_> {
    /// What an attestation tells of the set that it names; nothing if that is nothing new, or its signers
    /// are not heard at its height. A set never tells of another for longer than it is heard itself.
    pub fn told_by(&self, attestation: &Attestation, at_seconds: u64) -> Option<KnownSet> {
        let signers = self.heard_signers(at_seconds)?;
        if attestation.height < signers.start_height {
            return None;
        }
        let start_height = attestation.height.checked_add(1)?;
        let end_seconds = signers.end_seconds.min(attestation.time_seconds);
        if !is_heard(end_seconds, at_seconds) {
            return None;
        }
        let is_new = match self.heard(attestation.next_set_hash, self.named, at_seconds) {
            Some(before) => before.start_height > start_height || before.end_seconds < end_seconds,
            None => true,
        };
        is_new.then_some(KnownSet { start_height, end_seconds })
    }

    /// That the header's set may contradict at its height: a set that is heard, from its first height on,
    /// above what stands. There is no upper bound: a set with honest validators never signs what contradicts
    /// the hub, in office or later. The lower ones are there because a set made up by liars must not take
    /// back what is older than it, and nobody what is older than they can be slashed for.
    pub fn require_heard(&self, attestation: &Attestation, at_seconds: u64) -> Result<(), HubError> {
        let heard = self.heard_signers(at_seconds).ok_or(HubError::SetNotTrusted)?;
        if attestation.height < heard.start_height {
            return Err(HubError::HeightBelowSet);
        }
        if attestation.height <= self.standing_height(at_seconds, HEARING_PERIOD_SECONDS) {
            return Err(HubError::HeightStands);
        }
        Ok(())
    }

    /// The height up to which everything stands: the last mark that is older than a period; 0: none.
    pub fn standing_height(&self, at_seconds: u64, period_seconds: u64) -> u64 {
        standing_height(self.client, &self.marks, at_seconds.saturating_sub(period_seconds))
    }

    fn heard_signers(&self, at_seconds: u64) -> Option<KnownSet> {
        self.heard(&self.signers_hash, self.signers, at_seconds)
    }

    /// A set that may contradict. The one that signs above the latest height may as long as the client lives.
    fn heard(&self, hash: &[u8; 32], known: Option<KnownSet>, at_seconds: u64) -> Option<KnownSet> {
        let known = known.filter(|known| is_heard(known.end_seconds, at_seconds));
        if *hash != self.client.set_hash {
            return known;
        }
        let start = known.map_or(u64::MAX, |known| known.start_height);
        Some(KnownSet { start_height: start.min(self.client.set_start), end_seconds: u64::MAX })
    }
}

/// A set is known from the lowest height and to the latest time that is known of it.
pub fn merged(before: Option<KnownSet>, known: KnownSet, at_seconds: u64) -> KnownSet {
    match before.filter(|before| is_heard(before.end_seconds, at_seconds)) {
        None => known,
        Some(before) => KnownSet {
            start_height: before.start_height.min(known.start_height),
            end_seconds: before.end_seconds.max(known.end_seconds),
        },
    }
}

/// The last marked height below the mark of a time; 0: none.
pub fn standing_height(client: &ClientState, marks: &Marks<&[u8]>, time_seconds: u64) -> u64 {
    let first = client.trusted_time_seconds / MARK_SECONDS;
    let last = time_seconds / MARK_SECONDS;
    for mark in (first..last).rev().take(MARKS_APART_MAX as usize) {
        let height = marks.height_at(mark);
        if height != 0 {
            return height;
        }
    }
    0
}

/// The time by which the client judges whom it hears: now, or when it stopped. From a trusting period after
/// it stopped nothing is heard: then the state that exits go by stands for good, before they begin.
pub fn heard_at(client: &ClientState, now_seconds: u64) -> Result<u64, HubError> {
    match client.status(now_seconds) {
        (Status::Active, _) => Ok(now_seconds),
        (_, stopped) if now_seconds < stopped.saturating_add(TRUSTING_PERIOD_SECONDS) => Ok(stopped),
        (status, _) => Err(stopped_error(status)),
    }
}

/// Why a client that is not active does nothing new.
pub fn stopped_error(status: Status) -> HubError {
    if status == Status::Frozen {
        HubError::Frozen
    } else {
        HubError::Expired
    }
}

fn is_heard(end_seconds: u64, at_seconds: u64) -> bool {
    at_seconds < end_seconds.saturating_add(HEARING_PERIOD_SECONDS)
}
