import { readFileSync } from 'node:fs'
import { Keypair, PublicKey, SystemProgram } from '@solana/web3.js'
import {
  NATIVE_MINT,
  TOKEN_2022_PROGRAM_ID,
  TOKEN_PROGRAM_ID,
  createAssociatedTokenAccountIdempotentInstruction,
  createFreezeAccountInstruction,
  createSetAuthorityInstruction,
  createSyncNativeInstruction,
  AuthorityType,
} from '@solana/spl-token'
import { describe, expect, it } from 'vitest'
import { createSparseTree } from '@causeway/light-clients'
import { SUCCESS_ACKNOWLEDGEMENT, decodeTransfer, packetReceiptKey } from '@causeway/messaging'
import { concatBytes, utf8 } from '@causeway/primitives'
import { addClientInstruction } from '../src/core/instructions.ts'
import { claimAddress, decodeClaim, decodeLine, escrowAddress, lineAddress } from '../src/generated/vault.ts'
import { associatedAddress } from '../src/vault/addresses.ts'
import {
  depositInstruction,
  initialiseVaultInstruction,
  openLineInstruction,
  payClaimInstruction,
} from '../src/vault/instructions.ts'
import {
  HELD,
  HUB_ACCOUNT,
  balanceOf,
  clientOf,
  deposit,
  done,
  makeMint,
  mintTo,
  openWallet,
  startBridge,
  tokensIn,
} from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { HUB_CLIENT, START_SECONDS, startHub } from './hub.fixture.ts'
import {
  acknowledge,
  answerOf,
  answerOnHub,
  receive,
  sendOnHub,
  timeOut,
  withdrawal,
} from './relay.fixture.ts'
import type { Withdrawal } from './relay.fixture.ts'
import { accountData, send, setAccount, setNow } from './svm.fixture.ts'

const lineOf = (bridge: Bridge) => lineAddress(bridge.vault, clientOf(bridge), bridge.line.mint)
const lineAccount = (bridge: Bridge) => decodeLine(accountData(bridge, lineOf(bridge))!)!
const escrowOf = (bridge: Bridge) => escrowAddress(bridge.vault, lineOf(bridge))

/** A bridge that holds 400 tokens, and a wallet. */
function funded() {
  const bridge = startBridge()
  deposit(bridge, 400_000_000n, 1n)
  const recipient = Keypair.generate().publicKey
  openWallet(bridge, recipient)
  return { bridge, recipient }
}

async function withdraw(bridge: Bridge, recipient: PublicKey, order: Partial<Withdrawal> = {}) {
  const packet = withdrawal(bridge, { sequence: 1n, recipient, amount: 1_000_000n, ...order })
  return receive(bridge, packet, sendOnHub(bridge, packet), recipient)
}

describe('a deposit', () => {
  it('says what the hub reads', () => {
    const bridge = startBridge()
    const packet = deposit(bridge, 4_000_000n, 1n)
    expect(packet).toMatchObject({ sourceClient: 'client-0', destinationClient: HUB_CLIENT })
    expect(decodeTransfer(packet.payloads[0]!)).toEqual({
      denom: bridge.line.mint.toBase58(),
      sender: bridge.owner.publicKey.toBase58(),
      receiver: HUB_ACCOUNT,
      amount: 4_000_000n,
      memo: '',
    })
    expect(lineAccount(bridge).escrowed).toBe(4_000_000n)
    expect(tokensIn(bridge, escrowOf(bridge))).toBe(4_000_000n)
    expect(balanceOf(bridge, bridge.owner.publicKey)).toBe(HELD - 4_000_000n)
  })

  it.each<[string, object, object, number]>([
    ['of nothing', { amount: 0n }, {}, 158],
    ['to nobody', { receiver: '' }, {}, 158],
    ['of more than there is', { amount: HELD + 1n }, {}, 1],
    ['that is late', { timeoutSeconds: START_SECONDS }, {}, 105],
    ['too far ahead', { timeoutSeconds: START_SECONDS + 86_401n }, {}, 106],
    ['at another sequence', {}, { sequences: [2n] }, 115],
  ])('%s is refused', (_, order, from, error) => {
    const bridge = startBridge()
    const { owner, payer, line } = bridge
    const whole = {
      amount: 5n,
      timeoutSeconds: START_SECONDS + 60n,
      receiver: HUB_ACCOUNT,
      memo: '',
      ...order,
    }
    const who = { depositor: owner.publicKey, payer: payer.publicKey, sequences: [1n], ...from }
    expect(send(bridge, [depositInstruction(line, whole, who)], [owner]).error).toBe(error)
    expect(lineAccount(bridge).escrowed).toBe(0n)
  })

  it("takes whichever of the accounts is the next packet's", () => {
    const bridge = startBridge()
    const { owner, payer, line } = bridge
    const order = { amount: 5n, timeoutSeconds: START_SECONDS + 60n, receiver: HUB_ACCOUNT, memo: 'x' }
    const from = { depositor: owner.publicKey, payer: payer.publicKey, sequences: [1n, 2n, 3n] }
    for (let sequence = 1n; sequence <= 3n; sequence++) {
      const sent = done(send(bridge, [depositInstruction(line, order, from)], [owner]))
      expect(Buffer.from(sent.returned).readBigUInt64LE()).toBe(sequence)
    }
    expect(send(bridge, [depositInstruction(line, order, from)], [owner]).error).toBe(115)
  })

  it('of SOL is wrapped, and comes back as wrapped SOL', async () => {
    const base = startBridge()
    base.svm.withNativeMints()
    const { owner, payer } = base
    const bridge: Bridge = { ...base, line: { ...base.line, mint: NATIVE_MINT } }
    const account = associatedAddress(owner.publicKey, NATIVE_MINT, TOKEN_PROGRAM_ID)
    done(
      send(bridge, [
        openLineInstruction(bridge.line, payer.publicKey),
        createAssociatedTokenAccountIdempotentInstruction(
          payer.publicKey,
          account,
          owner.publicKey,
          NATIVE_MINT,
        ),
        SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: account, lamports: 3_000_000_000 }),
        createSyncNativeInstruction(account),
      ]),
    )
    deposit(bridge, 2_000_000_000n, 1n)
    expect(tokensIn(bridge, account)).toBe(1_000_000_000n)
    const sent = await withdraw(bridge, owner.publicKey, { amount: 500_000_000n })
    expect(answerOf(bridge, sent)).toBe('success')
    expect(tokensIn(bridge, account)).toBe(1_500_000_000n)
  })
})

describe('a withdrawal is refused, and nothing moves', () => {
  it.each<[string, Partial<Withdrawal>]>([
    ['of a token of another chain', { denom: 'ustake' }],
    ['over another client', { denom: 'transfer/solana-8/So11111111111111111111111111111111111111112' }],
    ['of no address', { denom: `transfer/${HUB_CLIENT}/0O1l` }],
    ['of a token through another hop', { denom: `transfer/${HUB_CLIENT}/transfer/client-4/uatom` }],
    ['of more than the line holds', { amount: 400_000_001n }],
    ['of more than 64 bits', { amount: 1n << 64n }],
    ['to an address of another chain', { recipient: '0x00000000000000000000000000000000c0117a7e' }],
    ['to an address with a leading zero too many', { recipient: `1${PublicKey.default.toBase58()}` }],
  ])('%s', async (_, order) => {
    const { bridge, recipient } = funded()
    const sent = await withdraw(bridge, recipient, order)
    expect(sent).toMatchObject({ error: undefined })
    expect(answerOf(bridge, sent)).toBe('refused')
    expect(lineAccount(bridge).escrowed).toBe(400_000_000n)
    expect(balanceOf(bridge, recipient)).toBe(0n)
  })

  it('of a token without a line', async () => {
    const { bridge, recipient } = funded()
    const mint = makeMint(bridge, TOKEN_PROGRAM_ID)
    const other: Bridge = { ...bridge, line: { ...bridge.line, mint } }
    openWallet(other, recipient)
    expect(answerOf(bridge, await withdraw(other, recipient))).toBe('refused')
  })

  it("to an account that is frozen, or not the wallet's any more", async () => {
    const { bridge } = funded()
    const { payer, line } = bridge
    const wallets = [Keypair.generate(), Keypair.generate()]
    const [frozen, given] = wallets.map(({ publicKey }) => {
      openWallet(bridge, publicKey)
      return associatedAddress(publicKey, line.mint, line.tokenProgram)
    }) as [PublicKey, PublicKey]
    done(send(bridge, [createFreezeAccountInstruction(frozen, line.mint, payer.publicKey)]))
    const owner = wallets[1]!.publicKey
    const give = createSetAuthorityInstruction(given, owner, AuthorityType.AccountOwner, payer.publicKey)
    done(send(bridge, [give], [wallets[1]!]))
    for (const [i, { publicKey }] of wallets.entries()) {
      const sent = await withdraw(bridge, publicKey, { sequence: BigInt(i + 1) })
      expect(answerOf(bridge, sent)).toBe('refused')
    }
  })
})

describe("a relayer can't", () => {
  it('have a withdrawal refused by leaving out or changing accounts', async () => {
    const { bridge, recipient } = funded()
    const wallet = Keypair.generate().publicKey
    expect((await withdraw(bridge, wallet)).error).toBe(156)
    const packet = withdrawal(bridge, { sequence: 2n, recipient, amount: 1_000_000n })
    const consensus = sendOnHub(bridge, packet)
    const relay = (line: Partial<Bridge['line']>, to = recipient) =>
      receive(bridge, packet, consensus, to, { line })
    openWallet(bridge, wallet)
    expect((await relay({}, wallet)).error).toBe(5)
    const mint = makeMint(bridge, TOKEN_PROGRAM_ID)
    expect((await relay({ mint })).error).toBe(5)
    expect((await relay({ tokenProgram: TOKEN_2022_PROGRAM_ID })).error).toBe(154)
    expect((await relay({})).error).toBe(undefined)
    expect(balanceOf(bridge, recipient)).toBe(1_000_000n)
  })

  it('refund to somebody else', async () => {
    const { bridge, recipient } = funded()
    const packet = deposit(bridge, 7n, 2n)
    const consensus = bridge.hub.commit([], packet.timeoutTimestamp)
    const proof = bridge.hub.prove(packetReceiptKey(packet.destinationClient, 2n))
    expect((await timeOut(bridge, packet, consensus, proof, { recipient })).error).toBe(5)
    expect((await timeOut(bridge, packet, consensus, proof)).error).toBe(undefined)
  })
})

describe('another core or client', () => {
  it("moves nothing of this one's lines", async () => {
    const { bridge, recipient } = funded()
    const { payer } = bridge
    // A core and a light client of a thief's making
    const core = Keypair.generate().publicKey
    bridge.svm.addProgram(
      core.toBase58() as never,
      readFileSync(new URL('../artifacts/core.so', import.meta.url)),
    )
    const hub = startHub(bridge, 10)
    const client = { lightState: hub.lightState, counterparty: HUB_CLIENT }
    done(send(bridge, [addClientInstruction(core, payer.publicKey, 0, client)]))
    done(send(bridge, [initialiseVaultInstruction(bridge.vault, core, payer.publicKey)]))
    const line = { ...bridge.line, core, lightState: hub.lightState }
    const thief: Bridge = { ...bridge, core, hub, line, receipts: createSparseTree() }
    done(send(bridge, [openLineInstruction(line, payer.publicKey)]))
    const packet = withdrawal(thief, { sequence: 1n, recipient, amount: 1_000_000n })
    const consensus = sendOnHub(thief, packet)
    const robbing = { line: { core: bridge.core } }
    expect((await receive(thief, packet, consensus, recipient, robbing)).error).toBe(154)
    expect(answerOf(thief, await receive(thief, packet, consensus, recipient))).toBe('refused')
    expect(lineAccount(bridge).escrowed).toBe(400_000_000n)
  })
})

describe('the outflow window', () => {
  it('lets a quarter leave in an hour; more waits as a claim, and is paid in time', async () => {
    const { bridge, recipient } = funded()
    expect(answerOf(bridge, await withdraw(bridge, recipient, { amount: 100_000_000n }))).toBe('success')
    expect(balanceOf(bridge, recipient)).toBe(100_000_000n)
    const more = await withdraw(bridge, recipient, { sequence: 2n, amount: 75_000_000n })
    expect(answerOf(bridge, more)).toBe('success')
    expect(balanceOf(bridge, recipient)).toBe(100_000_000n)
    const claim = decodeClaim(accountData(bridge, claimAddress(bridge.vault, lineOf(bridge), 2n))!)!
    expect(claim).toMatchObject({ amount: 75_000_000n, sequence: 2n })
    expect(claim.payableFromSeconds).toBe(START_SECONDS + 3_600n)
    expect(lineAccount(bridge)).toMatchObject({ escrowed: 225_000_000n, claimed: 75_000_000n })
    const paying = () => send(bridge, [payClaimInstruction(bridge.line, claim)]).error
    expect(paying()).toBe(162)
    setNow(bridge, claim.payableFromSeconds)
    bridge.hub.setState({ frozenAtSeconds: 1n })
    expect(paying()).toBe(163)
    bridge.hub.setState({ frozenAtSeconds: 0n })
    expect(paying()).toBe(undefined)
    expect(balanceOf(bridge, recipient)).toBe(175_000_000n)
    expect(lineAccount(bridge)).toMatchObject({ claimed: 0n })
    expect(paying()).toBe(3)
  })
})

describe('a mint of Token-2022', () => {
  const bridge = startBridge()
  const open = (mint: PublicKey, tokenProgram = TOKEN_2022_PROGRAM_ID) =>
    send(bridge, [openLineInstruction({ ...bridge.line, mint, tokenProgram }, bridge.payer.publicKey)]).error

  it('without extensions goes in and out', async () => {
    const mint = makeMint(bridge, TOKEN_2022_PROGRAM_ID)
    expect(open(mint)).toBe(undefined)
    const other = { ...bridge, line: { ...bridge.line, mint, tokenProgram: TOKEN_2022_PROGRAM_ID } }
    done(send(bridge, mintTo(bridge, other.line, bridge.owner.publicKey, 1_000n)))
    const packet = deposit(other, 400n, 1n)
    const consensus = answerOnHub(other, packet, SUCCESS_ACKNOWLEDGEMENT)
    expect((await acknowledge(other, packet, SUCCESS_ACKNOWLEDGEMENT, consensus)).error).toBe(undefined)
    expect(answerOf(other, await withdraw(other, bridge.owner.publicKey, { amount: 100n }))).toBe('success')
    expect(balanceOf(other, bridge.owner.publicKey)).toBe(700n)
  })

  it.each<[string, number[], number | undefined]>([
    ['transfer fees', [1], 153],
    ['a close authority', [3], 153],
    ['confidential transfers', [4], 153],
    ['accounts frozen by default', [6], 153],
    ['no transfers', [9], 153],
    ['a permanent delegate', [12], 153],
    ['a transfer hook', [14], 153],
    ['fees on confidential transfers', [16], 153],
    ['a pause', [26], 153],
    ['an extension of tomorrow', [99], 153],
    ['metadata before a hook', [18, 14], 153],
    ['metadata', [18, 19], undefined],
  ])('with %s', (_, extensions, error) => {
    const plain = accountData(bridge, makeMint(bridge, TOKEN_2022_PROGRAM_ID))!
    const entries = extensions.map((kind) => concatBytes(Uint8Array.of(kind, 0, 4, 0), utf8('four')))
    const data = concatBytes(plain, new Uint8Array(165 - plain.length), Uint8Array.of(1), ...entries)
    const mint = Keypair.generate().publicKey
    setAccount(bridge, mint, { owner: TOKEN_2022_PROGRAM_ID, data })
    // The token program itself refuses the made-up metadata account's initialisation: judged is ours
    const refused = open(mint)
    if (error === undefined) expect(refused).not.toBe(153)
    else expect(refused).toBe(error)
  })

  it('of another program, or no mint', () => {
    const fake = Keypair.generate().publicKey
    setAccount(bridge, fake, { owner: bridge.vault, data: accountData(bridge, bridge.line.mint)! })
    expect(open(fake)).toBe(153)
    expect(open(bridge.line.mint)).toBe(153)
    expect(open(bridge.line.mint, bridge.vault)).toBe(152)
    const account = associatedAddress(bridge.owner.publicKey, bridge.line.mint, TOKEN_PROGRAM_ID)
    expect(open(account, TOKEN_PROGRAM_ID)).toBe(153)
  })
})
