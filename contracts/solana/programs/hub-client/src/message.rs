use crate::error::HubError;
use causeway_bls12381::{G1, G2, HINT_BYTES};
use causeway_wire::{sha256, Reader};

/// What the hub's validators sign for each height, beside the chain id: 80 bytes, as they are signed.
/// BE64 height ‖ BE64 seconds of block `height` − 1's time ‖ app hash in header `height` ‖ setHash of the
/// set that signs `height` + 1.
#[derive(Clone, Copy)]
pub struct Attestation<'a> {
    pub bytes: &'a [u8; 80],
    pub height: u64,
    pub time_seconds: u64,
    pub app_hash: &'a [u8; 32],
    pub next_set_hash: &'a [u8; 32],
}

/// The preimage of a setHash: leaf root ‖ BE32 count ‖ BE64 total power ‖ aggregate key, 236 bytes.
pub struct AttestorSet<'a> {
    bytes: &'a [u8; 236],
    pub leaf_root: &'a [u8; 32],
    pub count: u32,
    pub total_power: u64,
    pub aggregate_key: &'a G2,
}

/// An attestor that did not sign: its leaf as it is hashed (BE32 index ‖ key ‖ BE64 power, 204 bytes), then
/// 1 byte count ‖ siblings from the leaf upwards.
pub struct Absentee<'a> {
    pub leaf: &'a [u8; 204],
    pub index: u32,
    pub key: &'a G2,
    pub power: u64,
    pub siblings: &'a [u8],
}

/// attestation ‖ set ‖ signature 96 ‖ hints 290 ‖ BE16 count of absentees ‖ absentees, ascending.
pub struct Header<'a> {
    pub attestation: Attestation<'a>,
    pub set: AttestorSet<'a>,
    /// Sum of the signatures of all but the absentees.
    pub signature: &'a G1,
    /// What hashing needs, see crates/bls12381.
    pub hints: &'a [u8; HINT_BYTES],
    pub absentees: Absentees<'a>,
}

/// Read one after the other; that they are whole was checked.
#[derive(Clone)]
pub struct Absentees<'a> {
    reader: Reader<'a>,
    count: u16,
}

impl<'a> Attestation<'a> {
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, HubError> {
        let bytes = reader.array()?;
        let mut fields = Reader::new(bytes);
        Ok(Self {
            bytes,
            height: fields.u64_be()?,
            time_seconds: fields.u64_be()?,
            app_hash: fields.array()?,
            next_set_hash: fields.array()?,
        })
    }
}

impl<'a> AttestorSet<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, HubError> {
        let bytes = reader.array()?;
        let mut fields = Reader::new(bytes);
        Ok(Self {
            bytes,
            leaf_root: fields.array()?,
            count: fields.u32_be()?,
            total_power: fields.u64_be()?,
            aggregate_key: fields.array()?,
        })
    }

    /// setHash.
    pub fn hash(&self) -> [u8; 32] {
        sha256(&[b"causeway/attestor-set/v1", self.bytes])
    }
}

impl<'a> Header<'a> {
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, HubError> {
        let attestation = Attestation::read(reader)?;
        let set = AttestorSet::read(reader)?;
        let signature = reader.array()?;
        let hints = reader.array()?;
        let count = reader.u16_be()?;
        let absentees = Absentees { reader: *reader, count };
        for _ in 0..count {
            read_absentee(reader)?;
        }
        Ok(Self { attestation, set, signature, hints, absentees })
    }
}

impl<'a> Iterator for Absentees<'a> {
    type Item = Absentee<'a>;

    fn next(&mut self) -> Option<Absentee<'a>> {
        self.count = self.count.checked_sub(1)?;
        read_absentee(&mut self.reader).ok()
    }
}

fn read_absentee<'a>(reader: &mut Reader<'a>) -> Result<Absentee<'a>, HubError> {
    let leaf = reader.array()?;
    let mut fields = Reader::new(leaf);
    let (index, key, power) = (fields.u32_be()?, fields.array()?, fields.u64_be()?);
    let count = reader.u8()?;
    Ok(Absentee { leaf, index, key, power, siblings: reader.take(usize::from(count) * 32)? })
}
