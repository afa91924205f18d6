use crate::fault::Fault;
use causeway_wire::Reader;

/// Bytes whose number stands in the byte before them.
pub fn read_text<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Fault> {
    let length = reader.u8()?;
    Ok(reader.take(length.into())?)
}

/// Bytes whose number stands in the two bytes before them.
pub fn read_bytes<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Fault> {
    let length = reader.u16()?;
    Ok(reader.take(length.into())?)
}

/// What was not read yet, all of it.
pub fn read_rest<'a>(reader: &mut Reader<'a>) -> &'a [u8] {
    reader.take(reader.remaining()).unwrap_or_default()
}
