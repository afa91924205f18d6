use crate::fault::Fault;
use crate::hash::hash;
use crate::message::{read_bytes, read_text};
use alloc::vec::Vec;
use causeway_wire::Reader;

/// Kinds of provable keys.
pub const ENTRY_COMMITMENT: u8 = 1;
pub const ENTRY_RECEIPT: u8 = 2;
pub const ENTRY_ACKNOWLEDGEMENT: u8 = 3;

/// What one application says to another.
#[derive(Clone, Copy)]
pub struct Payload<'a> {
    pub source_port: &'a [u8],
    pub destination_port: &'a [u8],
    pub version: &'a [u8],
    pub encoding: &'a [u8],
    pub value: &'a [u8],
}

/// A packet with one payload; the timeout in seconds.
#[derive(Clone, Copy)]
pub struct Packet<'a> {
    pub sequence: u64,
    pub source_client: &'a [u8],
    pub destination_client: &'a [u8],
    pub timeout_seconds: u64,
    pub payload: Payload<'a>,
}

impl<'a> Packet<'a> {
    /// Sequence u64, the two clients, timeout u64, the payload; texts have a byte of length, the value two.
    #[inline(never)]
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let packet = Packet {
            sequence: reader.u64()?,
            source_client: read_text(reader)?,
            destination_client: read_text(reader)?,
            timeout_seconds: reader.u64()?,
            payload: Payload::read(reader)?,
        };
        if packet.sequence == 0 {
            return Err(Fault::ZeroSequence);
        }
        Ok(packet)
    }

    /// The bytes that `read` reads.
    pub fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.sequence.to_le_bytes());
        write_text(bytes, self.source_client);
        write_text(bytes, self.destination_client);
        bytes.extend_from_slice(&self.timeout_seconds.to_le_bytes());
        self.payload.write(bytes);
    }

    /// Spec: ICS-04 v2 as running chains do it (ibc-go v10 `04-channel/v2/types/commitment.go`).
    #[inline(never)]
    pub fn commitment(&self) -> [u8; 32] {
        let payloads = hash(&[&self.payload.hash()]);
        hash(&[
            &[2],
            &hash(&[self.destination_client]),
            &hash(&[&self.timeout_seconds.to_be_bytes()]),
            &payloads,
        ])
    }
}

impl<'a> Payload<'a> {
    #[inline(never)]
    pub fn read(reader: &mut Reader<'a>) -> Result<Self, Fault> {
        let payload = Payload {
            source_port: read_text(reader)?,
            destination_port: read_text(reader)?,
            version: read_text(reader)?,
            encoding: read_text(reader)?,
            value: read_bytes(reader)?,
        };
        let Payload { source_port, destination_port, version, encoding, value } = payload;
        let is_blank = [source_port, destination_port, version, encoding, value].iter().any(|f| f.is_empty());
        if is_blank {
            return Err(Fault::BlankField);
        }
        // They are strings of protobuf on the hub: no other packet has an event that can be read
        let texts = [source_port, destination_port, version, encoding];
        if texts.iter().any(|text| core::str::from_utf8(text).is_err()) {
            return Err(Fault::NotText);
        }
        Ok(payload)
    }

    pub fn write(&self, bytes: &mut Vec<u8>) {
        for text in [self.source_port, self.destination_port, self.version, self.encoding] {
            write_text(bytes, text);
        }
        bytes.extend_from_slice(&(self.value.len() as u16).to_le_bytes());
        bytes.extend_from_slice(self.value);
    }

    #[inline(never)]
    fn hash(&self) -> [u8; 32] {
        hash(&[
            &hash(&[self.source_port]),
            &hash(&[self.destination_port]),
            &hash(&[self.version]),
            &hash(&[self.encoding]),
            &hash(&[self.value]),
        ])
    }
}

/// `clientId ‖ kind ‖ BE64(sequence)`: the key under which a chain proves a packet, receipt or answer.
pub fn provable_key(client_id: &[u8], kind: u8, sequence: u64) -> Vec<u8> {
    let mut key = Vec::with_capacity(client_id.len() + 9);
    key.extend_from_slice(client_id);
    key.push(kind);
    key.extend_from_slice(&sequence.to_be_bytes());
    key
}

fn write_text(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.push(text.len() as u8);
    bytes.extend_from_slice(text);
}
