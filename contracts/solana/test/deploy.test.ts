import { readFileSync } from 'node:fs'
import { Keypair } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { deployInstructions, isImmutable, programDataAddress } from '../src/deploy.ts'
import { plainInstruction, read, sign, write } from '../src/instruction.ts'
import { closeUploadInstruction, uploadAccounts, uploadInstructions } from '../src/upload.ts'
import { le32 } from '../src/wire.ts'
import { accountData, send, startSvm } from './svm.fixture.ts'

const code = readFileSync(new URL('../artifacts/upload.so', import.meta.url))

describe('a deployed program', () => {
  it('runs, and nobody can change it', async () => {
    const chain = startSvm({})
    const [program, buffer] = [Keypair.generate(), Keypair.generate()]
    const places = { payer: chain.payer.publicKey, program: program.publicKey, buffer: buffer.publicKey }
    const rent = (bytes: number) => Number(chain.svm.minimumBalanceForRentExemption(BigInt(bytes)))
    const { begin, writes, finish } = deployInstructions(places, code, rent)
    expect(send(chain, begin, [buffer]).error).toBe(undefined)
    for (const part of writes) expect(send(chain, [part]).error).toBe(undefined)
    expect(send(chain, finish, [program]).error).toBe(undefined)

    const programData = accountData(chain, programDataAddress(program.publicKey))!
    expect(isImmutable(programData)).toBe(true)
    expect(isImmutable(programData.with(12, 1))).toBe(false)
    expect(programData.subarray(45, 45 + code.length)).toEqual(Uint8Array.from(code))
    expect(accountData(chain, buffer.publicKey)?.length ?? 0).toBe(0)

    chain.svm.warpToSlot(chain.svm.getClock().slot + 1n)
    const accounts = await uploadAccounts(program.publicKey, chain.payer.publicKey, 'x')
    const message = Uint8Array.of(1, 2, 3)
    const { open } = uploadInstructions(accounts, 'x', message, rent(43))
    expect(send(chain, open).error).toBe(undefined)
    expect(send(chain, [closeUploadInstruction(accounts)]).error).toBe(undefined)

    // Set authority (4), close (5)
    const { publicKey } = chain.payer
    const data = write(programDataAddress(program.publicKey))
    const loader = begin[1]!.programId
    const claim = plainInstruction(loader, [data, sign(publicKey), read(publicKey)], le32(4))
    expect(send(chain, [claim]).error).toMatch(/Immutable/)
    const keys = [data, write(publicKey), sign(publicKey), write(program.publicKey)]
    expect(send(chain, [plainInstruction(loader, keys, le32(5))]).error).toMatch(/Immutable/)
  })
})
