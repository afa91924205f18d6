import { Keypair } from '@solana/web3.js'
import type { PublicKey } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { commitmentLeaf } from '@causeway/light-clients'
import {
  ERROR_ACKNOWLEDGEMENT,
  SUCCESS_ACKNOWLEDGEMENT,
  acknowledgementCommitment,
  packetReceiptKey,
} from '@causeway/messaging'
import { be64, concatBytes, sha256, toBech32, utf8 } from '@causeway/primitives'
import type { Packet } from '@causeway/protocol/ibc/core/channel/v2/packet'
import { readCoreEvents, readReopenedPackets } from '../src/core/events.ts'
import { retireInstruction } from '../src/core/instructions.ts'
import { claimAddress, decodeClaim, decodeLine, lineAddress } from '../src/generated/vault.ts'
import {
  exitInstruction,
  exitMessage,
  openExitInstruction,
  openExitMessage,
  payClaimInstruction,
  voidClaimInstruction,
} from '../src/vault/instructions.ts'
import type { ExitClaim } from '../src/vault/instructions.ts'
import {
  CLIENT,
  balanceOf,
  clientOf,
  deposit,
  done,
  openWallet,
  startBridge,
  uploaded,
} from './bridge.fixture.ts'
import type { Bridge } from './bridge.fixture.ts'
import { HUB_CLIENT, START_SECONDS } from './hub.fixture.ts'
import { answerOf, receive, sendOnHub, timeOut, withdrawal } from './relay.fixture.ts'
import { accountData, send, setNow } from './svm.fixture.ts'

const DAY = 86_400n
const FROZEN_AT = START_SECONDS + 7_200n
const DEAD_AT = FROZEN_AT + 14n * DAY
const PAID_FROM = DEAD_AT + 7n * DAY

const word = (number: bigint) => concatBytes(new Uint8Array(24), be64(number))
const lineKey = ({ line }: Bridge) => `transfer/${HUB_CLIENT}/${line.mint.toBase58()}`
const bookKey = (bridge: Bridge, whose: string) => utf8(`exit/${whose}/${lineKey(bridge)}`)
const accountOf = (name: string) => sha256(utf8(name)).subarray(0, 20)
const textOf = (owner: Uint8Array) => toBech32('cway', owner)
const lineOf = (bridge: Bridge) => lineAddress(bridge.vault, clientOf(bridge), bridge.line.mint)
const lineAccount = (bridge: Bridge) => decodeLine(accountData(bridge, lineOf(bridge))!)!

/** A hub that owed two owners 300 and 100 of a line that holds `held`, and then died. */
function deadHub(
  held: bigint,
  hasTotal = true,
  more: (bridge: Bridge) => [Uint8Array, Uint8Array][] = () => [],
) {
  const bridge = startBridge()
  if (held > 0n) deposit(bridge, held, 1n)
  const owners = [300n, 100n].map((amount, i): ExitClaim => {
    const recipient = Keypair.generate().publicKey
    openWallet(bridge, recipient)
    return { owner: accountOf(`owner ${i}`), recipient, amount }
  })
  const books = owners.map(({ owner, recipient, amount }): [Uint8Array, Uint8Array] => [
    bookKey(bridge, textOf(owner)),
    concatBytes(recipient.toBytes(), word(amount)),
  ])
  const totals: [Uint8Array, Uint8Array][] = hasTotal ? [[bookKey(bridge, 'total'), word(400n)]] : []
  const receipt: [Uint8Array, Uint8Array] = [packetReceiptKey(HUB_CLIENT, 1n), Uint8Array.of(2)]
  const consensus = bridge.hub.commit([...books, ...totals, ...more(bridge), receipt])
  bridge.hub.setState({ frozenAtSeconds: FROZEN_AT })
  return { bridge, owners, consensus }
}

function retire(bridge: Bridge): void {
  setNow(bridge, DEAD_AT)
  done(send(bridge, [retireInstruction(bridge.core, CLIENT, bridge.hub.lightState)]))
}

async function open(bridge: Bridge, consensus: PublicKey, total: bigint, name = 'open') {
  const message = openExitMessage(total, bridge.hub.prove(bookKey(bridge, 'total')))
  return send(bridge, [openExitInstruction(bridge.line, consensus, await uploaded(bridge, message, name))])
    .error
}

let exits = 0

async function exit(bridge: Bridge, consensus: PublicKey, claim: ExitClaim, proof?: Uint8Array) {
  const message = exitMessage(claim, proof ?? bridge.hub.prove(bookKey(bridge, textOf(claim.owner))))
  const place = await uploaded(bridge, message, `exit ${exits++}`)
  const from = { consensus, payer: bridge.payer.publicKey }
  return send(bridge, [exitInstruction(bridge.line, claim, from, place)]).error
}

describe('the exit', () => {
  it('pays owners of a dead hub what its books say, once', async () => {
    const { bridge, owners, consensus } = deadHub(1_000n)
    expect(await open(bridge, consensus, 400n, 'early')).toBe(165)
    retire(bridge)
    expect(await exit(bridge, consensus, owners[0]!)).toBe(168)
    expect(await open(bridge, consensus, 400n)).toBe(undefined)
    expect(await open(bridge, consensus, 400n, 'again')).toBe(167)
    expect(await exit(bridge, consensus, owners[0]!)).toBe(168)
    setNow(bridge, PAID_FROM)
    for (const owner of owners) {
      expect(await exit(bridge, consensus, owner)).toBe(undefined)
      expect(balanceOf(bridge, owner.recipient)).toBe(owner.amount)
      expect(await exit(bridge, consensus, owner)).toBe(169)
    }
    expect(lineAccount(bridge)).toMatchObject({ escrowed: 600n, exitPooled: 400n, exitPaid: 400n })
  })

  it('shares what is there where it is too little, whoever comes first', async () => {
    const { bridge, owners, consensus } = deadHub(202n)
    retire(bridge)
    expect(await open(bridge, consensus, 400n)).toBe(undefined)
    setNow(bridge, PAID_FROM)
    for (const owner of [...owners].reverse()) expect(await exit(bridge, consensus, owner)).toBe(undefined)
    expect(owners.map(({ recipient }) => balanceOf(bridge, recipient))).toEqual([151n, 50n])
  })

  it('pays as they come where the hub published no total', async () => {
    const { bridge, owners, consensus } = deadHub(350n, false)
    retire(bridge)
    expect(await open(bridge, consensus, 0n)).toBe(undefined)
    setNow(bridge, PAID_FROM)
    for (const owner of owners) expect(await exit(bridge, consensus, owner)).toBe(undefined)
    expect(owners.map(({ recipient }) => balanceOf(bridge, recipient))).toEqual([300n, 50n])
  })

  it('is refused for another amount, recipient, owner or height', async () => {
    const { bridge, owners, consensus } = deadHub(1_000n)
    const before = bridge.hub.commit([])
    bridge.hub.setState({ frozenAtSeconds: FROZEN_AT })
    retire(bridge)
    expect(await open(bridge, consensus, 400n, 'another height')).toBe(166)
    expect(await open(bridge, before, 401n, 'another total')).toBe(211)
    expect(await open(bridge, before, 400n)).toBe(undefined)
    setNow(bridge, PAID_FROM)
    const [first, second] = owners as [ExitClaim, ExitClaim]
    const refused = async (changed: Partial<ExitClaim>) =>
      exit(bridge, before, { ...first, ...changed }, bridge.hub.prove(bookKey(bridge, textOf(first.owner))))
    expect(await refused({ amount: 301n })).toBe(211)
    expect(await refused({ recipient: second.recipient })).toBe(211)
    expect(await refused({ owner: second.owner })).toBe(211)
    expect(await exit(bridge, before, first)).toBe(undefined)
  })
})

describe('an owner is an account of the hub', () => {
  const STOLEN = 1n << 62n
  const thief: ExitClaim = {
    owner: accountOf('thief'),
    recipient: Keypair.generate().publicKey,
    amount: STOLEN,
  }
  const value = concatBytes(thief.recipient.toBytes(), word(STOLEN))

  /** Exits are open, and the books have a claim of the thief's under this key. */
  async function openFor(key: (bridge: Bridge) => Uint8Array) {
    const { bridge, consensus } = deadHub(1_000n, true, (one) => [[key(one), value]])
    openWallet(bridge, thief.recipient)
    retire(bridge)
    expect(await open(bridge, consensus, 400n)).toBe(undefined)
    setNow(bridge, PAID_FROM)
    return { bridge, consensus, proof: bridge.hub.prove(key(bridge)) }
  }

  /** An exit whose message is put together by hand. */
  async function raw(bridge: Bridge, consensus: PublicKey, parts: readonly Uint8Array[]) {
    const message = await uploaded(bridge, concatBytes(...parts), `exit ${exits++}`)
    const from = { consensus, payer: bridge.payer.publicKey }
    return send(bridge, [exitInstruction(bridge.line, thief, from, message)]).error
  }

  const rest = (proof: Uint8Array) => exitMessage(thief, proof).subarray(20)

  it('whose claim on a line of its own that ends as this line does is none on this line', async () => {
    const owned = `${textOf(thief.owner)}/transfer/solana-8`
    const { bridge, consensus, proof } = await openFor((one) => bookKey(one, owned))
    expect(await exit(bridge, consensus, thief, proof)).toBe(211)
    // A text with its length in place of the account
    const text = concatBytes(Uint8Array.of(owned.length), utf8(owned))
    expect(await raw(bridge, consensus, [text, rest(proof)])).toBe(20)
    for (let from = 0; from + 20 <= owned.length; from++) {
      const cut = utf8(owned.slice(from, from + 20))
      expect(await raw(bridge, consensus, [cut, rest(proof)])).toBe(211)
    }
    expect(balanceOf(bridge, thief.recipient)).toBe(0n)
    expect(lineAccount(bridge)).toMatchObject({ escrowed: 1_000n, exitPooled: 0n, exitPaid: 0n })
  })

  it('and nothing else: text in capitals, without checksum, empty, the total', async () => {
    for (const text of [textOf(thief.owner).toUpperCase(), textOf(thief.owner).slice(0, -6), '', 'total']) {
      const { bridge, consensus, proof } = await openFor((one) => bookKey(one, `${text}/more`))
      expect(await exit(bridge, consensus, thief, proof)).toBe(211)
    }
    const { bridge, consensus, proof } = await openFor((one) => bookKey(one, textOf(thief.owner)))
    expect(await exit(bridge, consensus, thief, proof)).toBe(undefined)
  })

  it('of 20 bytes: the client writes no other, the program reads no other', async () => {
    const { bridge, consensus, proof } = await openFor((one) => bookKey(one, textOf(thief.owner)))
    for (const length of [0, 19, 21, 32, 43]) {
      const owner = concatBytes(thief.owner, new Uint8Array(23)).subarray(0, length)
      expect(() => exitMessage({ ...thief, owner }, proof)).toThrow(RangeError)
      expect(await raw(bridge, consensus, [owner, rest(proof)])).toBe(20)
    }
    expect(await raw(bridge, consensus, [thief.owner, rest(proof), Uint8Array.of(0)])).toBe(20)
    expect(await raw(bridge, consensus, [thief.owner, rest(proof)])).toBe(undefined)
  })
})

describe('over a retired client', () => {
  it('a deposit that never arrived is refunded before its timeout, one that arrived is not', async () => {
    const { bridge } = deadHub(0n)
    bridge.hub.setState({ frozenAtSeconds: 0n })
    const packets = [deposit(bridge, 5n, 1n), deposit(bridge, 7n, 2n)]
    const consensus = bridge.hub.commit([])
    bridge.hub.setState({ frozenAtSeconds: FROZEN_AT })
    retire(bridge)
    const end = async (packet: Packet) => {
      const proof = bridge.hub.prove(packetReceiptKey(HUB_CLIENT, packet.sequence))
      return (await timeOut(bridge, packet, consensus, proof)).error
    }
    expect(await end(packets[0]!)).toBe(203)
    expect(await end(packets[1]!)).toBe(undefined)
    expect(lineAccount(bridge).escrowed).toBe(5n)
  })

  it('a withdrawal past its timeout is paid, no window holding it back; refusals revert', async () => {
    const { bridge, owners } = deadHub(1_000n)
    const recipient = owners[0]!.recipient
    const paid = withdrawal(bridge, { sequence: 1n, recipient, amount: 900n })
    const refused = withdrawal(bridge, { sequence: 2n, recipient, amount: 901n })
    const consensus = sendOnHub(bridge, paid, refused)
    bridge.hub.setState({ frozenAtSeconds: FROZEN_AT })
    retire(bridge)
    expect((await receive(bridge, refused, bridge.hub.lightState, recipient)).error).toBe(111)
    expect(answerOf(bridge, await receive(bridge, paid, consensus, recipient))).toBe('success')
    expect(balanceOf(bridge, recipient)).toBe(900n)
    expect((await receive(bridge, refused, consensus, recipient)).error).toBe(117)
  })

  it('a withdrawal that was refused while the client lived is received again', async () => {
    const { bridge, owners } = deadHub(0n)
    bridge.hub.setState({ frozenAtSeconds: 0n })
    const recipient = owners[0]!.recipient
    const packet = withdrawal(bridge, { sequence: 1n, recipient, amount: 10n })
    const consensus = sendOnHub(bridge, packet)
    expect(answerOf(bridge, await receive(bridge, packet, consensus, recipient))).toBe('refused')
    deposit(bridge, 10n, 1n)
    bridge.hub.setState({ frozenAtSeconds: FROZEN_AT })
    retire(bridge)
    const leaf = commitmentLeaf(acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT]))
    expect(answerOf(bridge, await receive(bridge, packet, consensus, recipient, { leaf }))).toBe('success')
    expect(balanceOf(bridge, recipient)).toBe(10n)
  })

  it("claims that stand are paid, others are void, and owners can't have those for a week", async () => {
    const { bridge, owners } = deadHub(1_000n)
    const recipient = owners[0]!.recipient
    const exitHeight = bridge.hub.height
    bridge.hub.setState({ frozenAtSeconds: 0n })
    const claimOf = (sequence: bigint) =>
      decodeClaim(accountData(bridge, claimAddress(bridge.vault, lineOf(bridge), sequence))!)!
    const packets = [1n, 2n].map((sequence) => withdrawal(bridge, { sequence, recipient, amount: 350n }))
    bridge.hub.setState({ exitHeight })
    const state = sendOnHub(bridge, ...packets)
    bridge.hub.setState({ exitHeight })
    done(await receive(bridge, packets[0]!, state, recipient))
    bridge.hub.setState({ exitHeight: exitHeight + 1n })
    done(await receive(bridge, packets[1]!, state, recipient))
    expect(lineAccount(bridge)).toMatchObject({ escrowed: 300n, claimed: 700n })
    const leaf = commitmentLeaf(acknowledgementCommitment([SUCCESS_ACKNOWLEDGEMENT]))
    const sendVoid = (sequence: bigint, given = leaf) =>
      send(bridge, [
        voidClaimInstruction(bridge.line, claimOf(sequence), given, bridge.receipts.prove(sequence - 1n)),
      ])
    const voiding = (...voided: Parameters<typeof sendVoid>) => sendVoid(...voided).error
    expect(voiding(2n)).toBe(164)
    bridge.hub.setState({ frozenAtSeconds: FROZEN_AT, exitHeight, contradictedHeight: exitHeight + 1n })
    retire(bridge)
    expect(send(bridge, [payClaimInstruction(bridge.line, claimOf(2n))]).error).toBe(163)
    expect(voiding(1n)).toBe(164)
    expect(voiding(2n, new Uint8Array(32))).toBe(113)
    done(send(bridge, [payClaimInstruction(bridge.line, claimOf(1n))]))
    expect(balanceOf(bridge, recipient)).toBe(350n)
    expect(lineAccount(bridge)).toMatchObject({ escrowed: 300n, claimed: 350n })
    const { called } = done(sendVoid(2n))
    expect(readReopenedPackets(called, bridge.core.toBase58())).toEqual([{ clientId: CLIENT, sequence: 2n }])
    expect(readCoreEvents(called, bridge.core.toBase58())).toEqual([])
    expect(lineAccount(bridge)).toMatchObject({ escrowed: 650n, claimed: 0n })
    // The packet was honest: it stands under the exit height, too, and is paid by proof of that
    const refused = commitmentLeaf(acknowledgementCommitment([ERROR_ACKNOWLEDGEMENT]))
    bridge.receipts.set(1n, refused)
    const again = await receive(bridge, packets[1]!, state, recipient, { leaf: refused })
    expect(again.error).toBe(112)
    bridge.hub.setState({ exitHeight: bridge.hub.height, contradictedHeight: bridge.hub.height + 1n })
    done(await receive(bridge, packets[1]!, state, recipient, { leaf: refused }))
    expect(balanceOf(bridge, recipient)).toBe(700n)
  })
})
