import { UPLOAD_HEADER_BYTES } from '@causeway/contracts-solana'
import type { BufferedMessage, UploadAccounts } from '@causeway/contracts-solana'

/** Where a part of what was uploaded stands, for the programs that read it. */
export function readBuffered({ buffer }: UploadAccounts, offset: number, length: number): BufferedMessage {
  return { account: buffer, offset: UPLOAD_HEADER_BYTES + offset, length }
}
