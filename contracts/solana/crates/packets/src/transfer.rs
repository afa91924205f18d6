//! ICS-20 over IBC v2 in the one encoding that Solidity peers speak, too: abi.encode((string denom, string
//! sender, string receiver, uint256 amount, string memo)). Spec: ICS-20 `ics20-1`, as ibc-go v10 does it.
use crate::fault::Fault;
use crate::packet::Payload;
use alloc::vec::Vec;

pub const TRANSFER_PORT: &[u8] = b"transfer";
pub const TRANSFER_VERSION: &[u8] = b"ics20-1";
pub const TRANSFER_ENCODING: &[u8] = b"application/x-solidity-abi";

const WORD: usize = 32;
/// Words of the tuple's head, behind the word that says where the tuple begins.
const HEAD_WORDS: usize = 5;

/// What one transfer says. `denom` is the full path, as the sending chain knows the token; tokens of Solana
/// count in 64 bits.
pub struct Transfer<'a> {
    pub denom: &'a [u8],
    pub sender: &'a [u8],
    pub receiver: &'a [u8],
    pub amount: u64,
    pub memo: &'a [u8],
}

/// The value of a payload.
#[inline(never)]
pub fn encode_transfer(transfer: &Transfer) -> Vec<u8> {
    let texts = [transfer.denom, transfer.sender, transfer.receiver, transfer.memo];
    let length = WORD * (1 + HEAD_WORDS) + texts.iter().map(|text| text_length(text)).sum::<usize>();
    let mut value = Vec::with_capacity(length);
    push_word(&mut value, WORD as u64);
    let mut offset = WORD * HEAD_WORDS;
    for (nth, text) in texts.iter().enumerate() {
        if nth == 3 {
            push_word(&mut value, transfer.amount);
        }
        push_word(&mut value, offset as u64);
        offset += text_length(text);
    }
    for text in texts {
        push_word(&mut value, text.len() as u64);
        value.extend_from_slice(text);
        value.resize(value.len().next_multiple_of(WORD), 0);
    }
    value
}

/// Reads the transfer in a payload. Exactly what abi.encode writes: texts in order, without gaps, nothing
/// behind. DIFFERS FROM Solidity's decoding, which follows any offset; peers write nothing else.
#[inline(never)]
pub fn read_transfer<'a>(payload: &Payload<'a>) -> Result<Transfer<'a>, Fault> {
    let is_transfer = payload.source_port == TRANSFER_PORT
        && payload.version == TRANSFER_VERSION
        && payload.encoding == TRANSFER_ENCODING;
    let value = payload.value;
    if !is_transfer || value.len() < WORD * (1 + HEAD_WORDS) || number(value, 0)? != WORD as u64 {
        return Err(Fault::MalformedTransfer);
    }
    let mut place = WORD * (1 + HEAD_WORDS);
    let denom = read_text(value, 1, &mut place)?;
    let sender = read_text(value, 2, &mut place)?;
    let receiver = read_text(value, 3, &mut place)?;
    let amount = number(value, 4)?;
    let memo = read_text(value, 5, &mut place)?;
    if place != value.len() || amount == 0 {
        return Err(Fault::MalformedTransfer);
    }
    Ok(Transfer { denom, sender, receiver, amount, memo })
}

/// The text at `place`, if the word `nth` of the value says that it is there.
#[inline(never)]
fn read_text<'a>(value: &'a [u8], nth: usize, place: &mut usize) -> Result<&'a [u8], Fault> {
    if number(value, nth)? != (*place - WORD) as u64 {
        return Err(Fault::MalformedTransfer);
    }
    // Texts are padded to whole words, so that `place` is one
    let length = number(value, *place / WORD)?;
    let start = *place + WORD;
    if length > (value.len() - start) as u64 {
        return Err(Fault::MalformedTransfer);
    }
    let end = start + length as usize;
    let padded = end.next_multiple_of(WORD);
    if padded > value.len() || value[end..padded].iter().any(|byte| *byte != 0) {
        return Err(Fault::MalformedTransfer);
    }
    *place = padded;
    Ok(&value[start..end])
}

/// The number in a word; those beyond 64 bits are no transfer here.
#[inline(never)]
fn number(value: &[u8], nth: usize) -> Result<u64, Fault> {
    let word = value.get(nth * WORD..(nth + 1) * WORD).ok_or(Fault::MalformedTransfer)?;
    let (upper, lower) = word.split_at(24);
    if upper.iter().any(|byte| *byte != 0) {
        return Err(Fault::MalformedTransfer);
    }
    let mut bytes = [0u8; 8];
    bytes.copy_from_slice(lower);
    Ok(u64::from_be_bytes(bytes))
}

fn text_length(text: &[u8]) -> usize {
    WORD + text.len().next_multiple_of(WORD)
}

fn push_word(value: &mut Vec<u8>, number: u64) {
    value.extend_from_slice(&[0; 24]);
    value.extend_from_slice(&number.to_be_bytes());
}
