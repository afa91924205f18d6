// Deposits before anything is signed, and waiting for one that does not come, against a hub that runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClientError } from '../errors.ts'
import { startTestHub, testEvmWallet } from '../testing/hub.fixture.ts'
import type { TestHub } from '../testing/hub.fixture.ts'
import type { Deposit } from './deposits.ts'

const wallet = testEvmWallet('depositor')
const base = { rpc: 'http://127.0.0.1:1', client: 'client-0', hubClient: '07-tendermint-0' }
const word = `0x${'11'.repeat(20)}` as const
const chains = [
  {
    ...base,
    kind: 'evm',
    id: 'eip155:1',
    vault: word,
    core: word,
    tokens: [{ symbol: 'USDC', address: word, decimals: 6 }],
  },
  { ...base, kind: 'cosmos', id: 'zone-1', prefix: 'zone', gasPrice: '0uzone', tokens: [] },
] as const
const deposit: Deposit = {
  txHash: '',
  height: '1',
  sequence: '7',
  chain: 'zone-1',
  token: 'USDZ',
  amount: '1',
  receiver: wallet.address,
  hubClient: '07-tendermint-0',
}
let hub: TestHub
beforeAll(async () => void (hub = await startTestHub({ addresses: [wallet.address] })))
afterAll(() => hub.stop())

const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    ({ codespace, code }: ClientError) => `${codespace}/${code}`,
  )

describe('a deposit', () => {
  it('is refused by name before anybody signs', async () => {
    const trader = (await hub.connect({ chains })).trader(wallet)
    const terms = { chain: 'eip155:1', token: 'USDC', amount: '1' }
    const refused = (changes: object) => failure(trader.deposit({ ...terms, ...changes }))
    expect(await refused({ chain: 'eip155:2' })).toBe('client/25')
    expect(await refused({ token: 'DAI' })).toBe('client/24')
    expect(await refused({ chain: 'zone-1' })).toBe('client/26')
    for (const amount of ['0', '-1', '1e6', '0.0000001', '']) {
      expect(await refused({ amount })).toBe('client/20')
    }
    for (const timeoutSeconds of [59, 86_401, 90.5, NaN]) {
      expect(await refused({ timeoutSeconds })).toBe('client/20')
    }
    expect(await refused({ subaccount: 65_536 })).toBe('client/20')
    expect(await refused({})).toBe('client/1')
  })

  it('that does not reach the hub in time is told so, and can be waited for again', async () => {
    const trader = hub.causeway.trader(wallet)
    for (let i = 0; i < 2; i++) {
      const error: ClientError = await trader.awaitDeposit(deposit, { waitSeconds: 0 }).then(
        () => expect.fail('it came'),
        (each: ClientError) => each,
      )
      expect(error).toMatchObject({ codespace: 'client', code: 64, retry: 'later' })
      expect(error.message).toContain('packet 7 of 07-tendermint-0')
    }
  })
})
