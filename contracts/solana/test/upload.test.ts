import { Keypair, SystemProgram } from '@solana/web3.js'
import { concatBytes, le64, sha256, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import {
  UPLOAD_CHUNK_BYTES,
  UPLOAD_HEADER_BYTES,
  closeUploadInstruction,
  uploadAccounts,
  uploadInstructions,
} from '../src/upload.ts'
import { accountData, lamportsOf, send, setAccount, startSvm } from './svm.fixture.ts'

const program = Keypair.generate().publicKey
const message = concatBytes(...Array.from({ length: 100 }, (_, i) => sha256(Uint8Array.of(i))))

async function start(bytes = message) {
  const chain = startSvm({ upload: program })
  const author = chain.payer
  const accounts = await uploadAccounts(program, author.publicKey, 'message')
  const space = BigInt(UPLOAD_HEADER_BYTES + bytes.length)
  const rent = Number(chain.svm.minimumBalanceForRentExemption(space))
  const { open, writes } = uploadInstructions(accounts, 'message', bytes, rent)
  return { chain, author, accounts, open, writes }
}

describe('an uploaded message', () => {
  it('is written by pieces in any order and read as a whole', async () => {
    const { chain, accounts, open, writes } = await start()
    expect(send(chain, open).error).toBe(undefined)
    expect(writes.length).toBe(Math.ceil(message.length / UPLOAD_CHUNK_BYTES))
    for (const write of writes.reverse()) expect(send(chain, [write]).error).toBe(undefined)
    const data = accountData(chain, accounts.buffer)!
    expect(data.subarray(0, 8)).toEqual(utf8('cwybuffr'))
    expect(data.subarray(UPLOAD_HEADER_BYTES)).toEqual(message)
  })

  it('is opened once, and gone when it was closed', async () => {
    const { chain, author, accounts, open } = await start()
    expect(send(chain, open).error).toBe(undefined)
    expect(send(chain, open.slice(1)).error).toBe(7)
    const before = lamportsOf(chain, author.publicKey)
    expect(send(chain, [closeUploadInstruction(accounts)]).error).toBe(undefined)
    expect(accountData(chain, accounts.buffer)).toBe(undefined)
    expect(lamportsOf(chain, author.publicKey)).toBeGreaterThan(before)
    expect(send(chain, open).error).toBe(undefined)
  })

  it('is written and closed by its author only', async () => {
    const { chain, accounts, open, writes } = await start()
    expect(send(chain, writes.slice(0, 1)).error).toBe(3)
    expect(send(chain, open).error).toBe(undefined)
    const thief = Keypair.generate()
    const theirs = { ...accounts, author: thief.publicKey }
    const [write] = uploadInstructions(theirs, 'message', message.subarray(0, 9), 1).writes
    expect(send(chain, [write!], [thief]).error).toBe(5)
    expect(send(chain, [closeUploadInstruction(theirs)], [thief]).error).toBe(5)
    const unsigned = closeUploadInstruction(theirs)
    unsigned.keys[1]!.isSigner = false
    expect(send(chain, [unsigned]).error).toBe(2)
  })

  it('stays within its account, and is of this program', async () => {
    const { chain, accounts, open, writes } = await start(message.subarray(0, 10))
    expect(send(chain, open).error).toBe(undefined)
    const write = writes[0]!
    for (const [offset, bytes, error] of [
      [0, 10, undefined],
      [9, 1, undefined],
      [10, 0, undefined],
      [0, 11, 9],
      [10, 1, 9],
      [2 ** 53 - 1, 1, 9],
    ] as const) {
      write.data = Buffer.from(concatBytes(Uint8Array.of(1), le64(BigInt(offset)), new Uint8Array(bytes)))
      expect(send(chain, [write]).error).toBe(error)
    }
    for (const data of [[], [1], [1, 0, 0, 0, 0, 0, 0, 0], [3]]) {
      write.data = Buffer.from(data)
      expect(send(chain, [write]).error).toBe(data[0] === 3 ? 10 : 9)
    }
    setAccount(chain, accounts.buffer, { owner: SystemProgram.programId, data: new Uint8Array(50) })
    expect(send(chain, [closeUploadInstruction(accounts)]).error).toBe(3)
    setAccount(chain, accounts.buffer, { owner: program, data: new Uint8Array(39) })
    expect(send(chain, [closeUploadInstruction(accounts)]).error).toBe(4)
    setAccount(chain, accounts.buffer, { owner: program, data: new Uint8Array(50) })
    expect(send(chain, [closeUploadInstruction(accounts)]).error).toBe(4)
  })
})
