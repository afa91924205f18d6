// Keys that would let their owner cancel or copy somebody else's: nobody can register them.
import {
  attestationBytes,
  nobleG1Scheme,
  proveOfPossession,
  verifyAttestation,
} from '@causeway/light-clients'
import type { AttestationHeader } from '@causeway/light-clients'
import { MsgCreateValidator } from '@causeway/protocol/causeway/staking/v1/tx'
import { describe, expect, it } from 'vitest'
import { POWER, blsKey, operatorOf } from '../../testing/staked-hub.fixture.ts'
import { attestedHub, bls, forged, signersOf } from './attested-hub.fixture.ts'

function setUp() {
  const attacker = operatorOf('v4')
  const made = attestedHub([10n, 10n, 10n, 10n, 0n], { wallets: [attacker] })
  const joiner = made.validators.find(({ power }) => power === 0n)!
  made.blocks(4)
  const register = (keys: { blsKey: Uint8Array; blsPossession: Uint8Array }) => {
    const value = MsgCreateValidator.encode({
      operator: attacker.address,
      consensusKey: joiner.publicKey,
      ...keys,
      moniker: 'attacker',
      commissionBps: 0,
      amount: POWER.toString(),
    }).finish()
    const fee = [{ denom: 'ucway', amount: '200000' }]
    const typeUrl = '/causeway.staking.v1.MsgCreateValidator'
    made.driver.submit(attacker.sign([{ typeUrl, value }], { gasLimit: 5_000_000n, fee }))
    const { code, codespace } = made.driver.block().txResults.at(-1)!
    return code === 0 ? 'ok' : `${codespace}/${code}`
  }
  const [honest] = made.validators.filter(({ power }) => power > 0n)
  return { ...made, register, attacker, honest: honest!, chainId: 'causeway-1' }
}

describe('a key', () => {
  it('that is copied cannot be registered, with or without its proof', () => {
    const { register, attacker, honest, chainId } = setUp()
    const copied = blsKey(honest.name, operatorOf(honest.name).id)
    expect(register(copied)).toMatch(/^staking\/1[12]$/)
    // Even who knows the secret can't have it twice.
    const { key, proof } = proveOfPossession(nobleG1Scheme, honest.blsSecret, {
      chainId,
      operator: attacker.id,
    })
    expect(register({ blsKey: key, blsPossession: proof })).toMatch(/^staking\/1[12]$/)
  })

  it('that is made of others’ keys cannot be registered: nobody can prove it', () => {
    const { register, attacker, validators, chainId } = setUp()
    const others = validators.slice(0, 3).map(({ blsSecret }) => bls.publicKey(blsSecret))
    const own = proveOfPossession(nobleG1Scheme, new Uint8Array(32).fill(9), {
      chainId,
      operator: attacker.id,
    })
    const rogue = bls.subtractKeys(own.key, others)!
    expect(register({ blsKey: rogue, blsPossession: own.proof })).toBe('staking/12')
  })

  it('is registered with its own proof, and not with one of another chain', () => {
    const { register, attacker } = setUp()
    expect(register(blsKey('new', attacker.id, 'causeway-2'))).toBe('staking/12')
    expect(register(blsKey('new', attacker.id))).toBe('ok')
  })
})

describe('a relayer', () => {
  it('cannot take a signer out twice, by a copied key or by its own', () => {
    const { header, set, blocks } = setUp()
    blocks(2)
    const real = header()
    const { setHash } = set(real.message.height)
    const key = set(real.message.height).attestors[0]!.key
    const absentee = { index: 0, key, power: 10n, proof: [] }
    for (const absentees of [[absentee], [absentee, absentee]]) {
      expect(() => verifyAttestation(bls, { ...real, absentees }, setHash)).toThrow(/absentee/)
    }
  })

  it('cannot bring its own aggregate key, total power or set', () => {
    const { header, set, blocks } = setUp()
    blocks(2)
    const real = header()
    const { setHash } = set(real.message.height)
    const secret = new Uint8Array(32).fill(3)
    const message = forged(real.message)
    const own: AttestationHeader = {
      ...real,
      message,
      set: { ...real.set, aggregateKey: bls.publicKey(secret) },
      signature: bls.sign(secret, attestationBytes(message), 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_POP_'),
    }
    expect(() => verifyAttestation(bls, own, setHash)).toThrow('the set does not hash')
    const light = { ...real, set: { ...real.set, totalPower: 1n } }
    expect(() => verifyAttestation(bls, light, setHash)).toThrow('the set does not hash')
  })

  it('cannot pass off one validator’s word as everybody’s', () => {
    const { header, set, blocks, validators } = setUp()
    blocks(2)
    const real = header()
    const { setHash } = set(real.message.height)
    const [one] = signersOf(validators)
    const signature = one!.sign(attestationBytes(real.message))
    expect(() => verifyAttestation(bls, { ...real, signature }, setHash)).toThrow('does not verify')
  })
})
