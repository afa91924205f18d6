// Verification is paid for before it is done: by signature, by kind of key, by hash.
import { createSignatureVerifier, createTendermintClient, sodiumAccepts } from '@causeway/light-clients'
import type { SignatureCheck, VerifySignatures } from '@causeway/light-clients'
import { packetCommitmentKey } from '@causeway/messaging'
import { assert, sha256, utf8 } from '@causeway/primitives'
import type { Any } from '@causeway/protocol'
import { CommitmentProof } from '@causeway/protocol/cosmos/ics23/v1/proofs'
import { MerkleProof } from '@causeway/protocol/ibc/core/commitment/v1/commitment'
import { MsgSubmitMisbehaviour } from '@causeway/protocol/ibc/core/client/v1/tx'
import { MultiStore, createMemoryStorage } from '@causeway/state-tree'
import { describe, expect, it } from 'vitest'
import { Layer } from '../../block/layer.ts'
import { GAS } from '../../block/gas.ts'
import { verifySecp256k1Natively } from '../../node-options.ts'
import { ForeignChain } from '../../testing/foreign-chain.fixture.ts'
import type { KeyKind } from '../../testing/foreign-chain.fixture.ts'
import { hubGenesis, testHub } from '../../testing/hub.fixture.ts'
import { message } from '../../testing/messages.fixture.ts'
import { codeOf } from '../../testing/refusal.fixture.ts'
import { Wallet } from '../../testing/wallet.fixture.ts'
import { VERIFICATION_GAS } from './gas.ts'

const GENESIS_SECONDS = 1_700_000_000n - 1_000n
/** Of nine validators of equal power seven are more than two thirds, four more than a third. */
const [NINE, OWN, TRUSTED] = [9, 7, 4]

function setUp() {
  const relayer = new Wallet('relayer')
  /** The kinds of the signatures that were really checked, one text a batch. */
  const batches: string[] = []
  const native = createSignatureVerifier({ ed25519: sodiumAccepts, secp256k1: verifySecp256k1Natively })
  const verifySignatures: VerifySignatures = (checks, charge) => {
    batches.push(`${checks.length} ${checks[0]?.keyType}`)
    return native(checks, charge)
  }
  const lightClients = [createTendermintClient({ verifySignatures })]
  const genesis = hubGenesis([relayer], { accounts: { gasPrices: [] } })
  const { driver } = testHub([relayer], { lightClients }, genesis)
  driver.block()
  const deliver = (item: Any, gasLimit = 25_000_000n) => {
    batches.length = 0
    const tx = relayer.sign([item], { gasLimit, fee: [] })
    const result = driver.execute(driver.proposal([tx])).txResults.at(-1)!
    return { code: codeOf(result), gas: Number(result.gasUsed), bytes: tx.length, result }
  }
  const open = (kind: KeyKind, validators = NINE) => {
    const chain = new ForeignChain({
      chainId: 'zone-7',
      kind,
      validators,
      seed: kind,
      genesisSeconds: GENESIS_SECONDS,
    })
    const { result } = deliver(
      message('ibc.core.client.v1.MsgCreateClient', { ...chain.clientStates(1n), signer: relayer.address }),
    )
    assert(result.code === 0, result.log)
    const created = result.events.find(({ type }) => type === 'create_client')!
    return { chain, clientId: created.attributes.find(({ key }) => key === 'client_id')!.value }
  }
  const update = (clientId: string, clientMessage: Any) =>
    message('ibc.core.client.v1.MsgUpdateClient', { clientId, clientMessage, signer: relayer.address })
  return { relayer, driver, batches, deliver, open, update }
}

describe('a header', () => {
  it.each([
    ['ed25519', VERIFICATION_GAS.ed25519],
    ['secp256k1', VERIFICATION_GAS.secp256k1],
    ['ed25519Slow', VERIFICATION_GAS.ed25519 + VERIFICATION_GAS.ed25519Slow],
  ] as const)('of %s validators pays for each signature that is counted', (kind, each) => {
    const { deliver, open, update, batches } = setUp()
    const { chain, clientId } = open(kind)
    const type = kind === 'secp256k1' ? kind : 'ed25519'
    const next = deliver(update(clientId, chain.update(2n, 1n)))
    expect([next.code, batches]).toEqual(['0', [`${OWN} ${type}`]])
    // Two heights on, the trusted validators have to have signed, too.
    const far = deliver(update(clientId, chain.update(4n, 2n)))
    expect([far.code, batches]).toEqual(['0', [`${TRUSTED} ${type}`, `${OWN} ${type}`]])
    const perByte = GAS.transactionByte + GAS.clientMessageByte
    expect(Math.abs(far.gas - next.gas - TRUSTED * each)).toBeLessThan(20 * perByte + 500)
  })

  it('with slow signatures pays for each: no second of work for a million of gas', () => {
    const { deliver, open, update } = setUp()
    const fast = open('ed25519', 30)
    const slow = open('ed25519Slow', 30)
    const [cheap, dear] = [fast, slow].map(({ chain, clientId }) =>
      deliver(update(clientId, chain.update(3n, 1n))),
    )
    expect([cheap!.code, dear!.code]).toEqual(['0', '0'])
    expect(dear!.gas - cheap!.gas).toBe((11 + 21) * VERIFICATION_GAS.ed25519Slow)
  })

  it('whose signatures are not paid for is refused before the first is looked at', () => {
    const { deliver, open, update, batches } = setUp()
    const { chain, clientId } = open('secp256k1')
    const header = update(clientId, chain.update(2n, 1n))
    const { gas } = deliver(update(clientId, chain.update(3n, 1n)))
    // What comes after the signatures, mostly writing the new state, takes less than their price and 8,000.
    const short = gas - (TRUSTED + OWN) * VERIFICATION_GAS.secp256k1 - 8_000
    expect([deliver(header, BigInt(short)).code, batches]).toEqual(['tx/11', []])
  })

  it('whose slow signatures are not paid for is refused at the first that is not', () => {
    const { deliver, open, update } = setUp()
    const { chain, clientId } = open('ed25519Slow')
    const header = chain.update(2n, 1n)
    expect(deliver(update(clientId, header), 400_000n).code).toBe('tx/11')
    expect(deliver(update(clientId, header), 800_000n).code).toBe('0')
  })

  it('costs the same when the process remembers it', () => {
    const { deliver, open, update } = setUp()
    const { chain, clientId } = open('ed25519')
    deliver(update(clientId, chain.update(5n, 1n)))
    const [again, third] = [1, 2].map(() => deliver(update(clientId, chain.update(5n, 1n))))
    expect([again!.code, third!.gas]).toEqual(['0', again!.gas])
    expect(again!.gas).toBeGreaterThan((OWN + TRUSTED) * VERIFICATION_GAS.ed25519)
  })

  it('of a forged commit pays as well', () => {
    const { deliver, open, update } = setUp()
    const { chain, clientId } = open('ed25519')
    const forged = chain.update(2n, 1n)
    // The last byte of the last counted signature's S.
    const { signatures } = chain.signedHeader(2n).commit!
    const at = Buffer.from(forged.value).indexOf(Buffer.from(signatures[OWN - 1]!.signature))
    forged.value[at + 40]! ^= 1
    const { code, gas } = deliver(update(clientId, forged))
    expect(code).toBe('07-tendermint/43')
    expect(gas).toBeGreaterThan(VERIFICATION_GAS.ed25519Slow + OWN * VERIFICATION_GAS.ed25519)
  })
})

describe('misbehaviour', () => {
  it('pays for both headers', () => {
    const { relayer, deliver, open, batches } = setUp()
    const { chain, clientId } = open('secp256k1')
    const value = MsgSubmitMisbehaviour.encode({
      clientId,
      misbehaviour: chain.misbehaviour(clientId, 3n, 1n),
      signer: relayer.address,
    }).finish()
    const { code, gas, bytes } = deliver({ typeUrl: '/ibc.core.client.v1.MsgSubmitMisbehaviour', value })
    const batch = (count: number) => `${count} secp256k1`
    expect([code, batches]).toEqual(['0', [batch(OWN), batch(OWN), batch(TRUSTED), batch(TRUSTED)]])
    const forBytes = (GAS.transactionByte + GAS.clientMessageByte) * (bytes - 300)
    expect(gas).toBeGreaterThan(forBytes + 2 * (OWN + TRUSTED) * VERIFICATION_GAS.secp256k1)
  })
})

describe('a new client', () => {
  it('pays for its states by their bytes, before they are read', () => {
    const { relayer, deliver } = setUp()
    const create = (bytes: number) => {
      const states = {
        clientState: { typeUrl: '/ibc.lightclients.tendermint.v1.ClientState', value: new Uint8Array(bytes) },
        consensusState: {
          typeUrl: '/ibc.lightclients.tendermint.v1.ConsensusState',
          value: new Uint8Array(1),
        },
      }
      return deliver(message('ibc.core.client.v1.MsgCreateClient', { ...states, signer: relayer.address }))
    }
    const [small, large] = [create(1_000), create(2_000)]
    expect([small.code, large.code]).toEqual(['07-tendermint/27', '07-tendermint/27'])
    const forTransaction = GAS.transactionByte * (large.bytes - small.bytes)
    expect(large.gas - small.gas).toBe(forTransaction + 1_000 * GAS.clientMessageByte)
  })
})

describe('a proof', () => {
  it('pays for its hashes before the first is made', () => {
    const { relayer, deliver, open, update } = setUp()
    const { chain, clientId } = open('ed25519')
    deliver(
      message('ibc.core.client.v2.MsgRegisterCounterparty', {
        clientId,
        counterpartyClientId: '07-tendermint-3',
        counterpartyMerklePrefix: [utf8('ibc'), new Uint8Array(0)],
        signer: relayer.address,
      }),
    )
    const { proof, appHash } = absentPacket()
    deliver(update(clientId, chain.update(2n, 1n, appHash)))
    const receive = (levels: number) => {
      const wide = MerkleProof.decode(proof)
      const path = wide.proofs[0]!.exist!.path
      wide.proofs[0]!.exist!.path = [...path, ...Array.from({ length: levels }, () => path[0]!)]
      return deliver(
        message('ibc.core.channel.v2.MsgRecvPacket', {
          packet: {
            sequence: 1n,
            sourceClient: '07-tendermint-3',
            destinationClient: clientId,
            timeoutTimestamp: 1_700_003_600n,
            payloads: [
              {
                sourcePort: 'transfer',
                destinationPort: 'transfer',
                version: 'ics20-1',
                encoding: 'application/json',
                value: utf8('{}'),
              },
            ],
          },
          proofCommitment: MerkleProof.encode(wide).finish(),
          proofHeight: { revisionNumber: 7n, revisionHeight: 2n },
          signer: relayer.address,
        }),
      )
    }
    const [short, long] = [receive(0), receive(20)]
    expect(short.code).toMatch(/^ics23\//)
    expect(long.code).toMatch(/^ics23\//)
    const perByte = GAS.transactionByte + GAS.proofByte
    expect(long.gas - short.gas).toBe(20 * VERIFICATION_GAS.hash + (long.bytes - short.bytes) * perByte)
  })
})

/** A state without the packet: the proof is of another key. */
function absentPacket() {
  const stores = MultiStore.open({
    storage: createMemoryStorage(),
    storeNames: ['bank', 'ibc'],
    keepVersions: 1n,
  })
  const layer = new Layer((name) => stores.reader(name))
  const key = packetCommitmentKey('07-tendermint-3', 9n)
  for (const name of ['a', 'b', 'c']) layer.store('ibc').set(utf8(name), sha256(utf8(name)))
  layer.store('ibc').set(key, sha256(utf8('other')))
  const appHash = stores.finalize(1n, layer.changes())
  stores.commit()
  const proofs = stores.proveKey('ibc', key, 1n).proofs.map((bytes) => CommitmentProof.decode(bytes))
  return { appHash, proof: MerkleProof.encode({ proofs }).finish() }
}

describe('native secp256k1', () => {
  const verdict = (verify: VerifySignatures, check: SignatureCheck) => verify([check]) === undefined
  const reference = createSignatureVerifier()
  const native = createSignatureVerifier({ secp256k1: verifySecp256k1Natively })

  it('judges as the reference does, also what differs by a bit or is no signature or key', () => {
    const chain = new ForeignChain({
      chainId: 'zone-7',
      kind: 'secp256k1',
      validators: 4,
      genesisSeconds: GENESIS_SECONDS,
    })
    const verdicts = { accepted: 0, refused: 0 }
    for (const { message: text, publicKey, signature } of checksOf(chain)) {
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
      const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
      const withS = (value: bigint) =>
        Buffer.concat([signature.subarray(0, 32), Buffer.from(value.toString(16).padStart(64, '0'), 'hex')])
      const flip = (bytes: Uint8Array, i: number) => bytes.map((byte, at) => (at === i ? byte ^ 1 : byte))
      const cases: [Uint8Array, Uint8Array, Uint8Array][] = [
        [publicKey, text, signature],
        [publicKey, text, withS(order - s)],
        [publicKey, text, withS(0n)],
        [publicKey, text, withS(order)],
        [publicKey, text, Buffer.concat([new Uint8Array(32), signature.subarray(32)])],
        [publicKey, text, Buffer.concat([new Uint8Array(32).fill(255), signature.subarray(32)])],
        [publicKey, text, signature.subarray(0, 63)],
        [publicKey, text, new Uint8Array(64)],
        [publicKey, flip(text, 3), signature],
        [flip(publicKey, 0), text, signature],
        [new Uint8Array(33), text, signature],
        [new Uint8Array(33).fill(2), text, signature],
        [Uint8Array.of(4, ...publicKey.subarray(1)), text, signature],
        ...Array.from({ length: 33 }, (_, i): [Uint8Array, Uint8Array, Uint8Array] => [
          flip(publicKey, i),
          text,
          signature,
        ]),
        ...Array.from({ length: 64 }, (_, i): [Uint8Array, Uint8Array, Uint8Array] => [
          publicKey,
          text,
          flip(signature, i),
        ]),
      ]
      for (const [key, bytes, sig] of cases) {
        const check: SignatureCheck = { keyType: 'secp256k1', publicKey: key, message: bytes, signature: sig }
        const accepted = verdict(reference, check)
        expect(verdict(native, check), Buffer.from(sig).toString('hex')).toBe(accepted)
        verdicts[accepted ? 'accepted' : 'refused']++
      }
    }
    expect(verdicts).toEqual({ accepted: 4, refused: 4 * 109 })
  })
})

/** The signatures of a header, as they are checked. */
function checksOf(chain: ForeignChain): SignatureCheck[] {
  const seen: SignatureCheck[] = []
  const verifySignatures: VerifySignatures = (checks) => void seen.push(...checks)
  const client = createTendermintClient({ verifySignatures })
  const entries = new Map<string, Uint8Array>()
  const name = (key: Uint8Array) => Buffer.from(key).toString('latin1')
  const store = {
    get: (key: Uint8Array) => entries.get(name(key)),
    set: (key: Uint8Array, value: Uint8Array) => void entries.set(name(key), value),
    delete: (key: Uint8Array) => void entries.delete(name(key)),
    iterate: () => [],
  }
  const context = {
    timeNanoseconds: (GENESIS_SECONDS + 10n) * 1_000_000_000n,
    height: { revisionNumber: 1n, revisionHeight: 1n },
  }
  const { clientState, consensusState } = chain.clientStates(1n)
  client.initialise(store, clientState, consensusState, context)
  for (const height of [2n, 3n]) client.verifyClientMessage(store, chain.update(height, 1n), context)
  return seen.slice(0, 4)
}
