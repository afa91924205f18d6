import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isProtocolError, toHex } from '@causeway/primitives'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestHub, testEvmWallet, testSecret } from '../../../../libs/client/src/testing/hub.fixture.ts'
import type { TestHub } from '../../../../libs/client/src/testing/hub.fixture.ts'
import { accountCommand } from './account-command.ts'
import { marketCommand } from './market-command.ts'
import { orderCommand } from './order-command.ts'

// The commands against a hub in this process, over its RPC.

const folder = mkdtempSync(join(tmpdir(), 'causeway-trade-'))
const [trader, maker] = [testEvmWallet('command trader'), testEvmWallet('command maker')]
const topics = { account: accountCommand, market: marketCommand, order: orderCommand }
let hub: TestHub

beforeAll(async () => {
  hub = await startTestHub({ addresses: [trader.address, maker.address] })

  writeFileSync(keyFile('trader'), `0x${toHex(testSecret('command trader'))}\n`, { mode: 0o600 })
  writeFileSync(join(folder, 'client.json'), JSON.stringify(configuration()))
})
afterAll(async () => {
  vi.useRealTimers()
  await hub.stop()
  rmSync(folder, { recursive: true })
})

const keyFile = (name: string) => join(folder, `${name}.key`)

function configuration() {
  const key = { name: 'trader', kind: 'evm', privateKeyFile: 'trader.key' }
  return { version: 1, rpc: hub.causeway.rpc, chains: [], keys: [key] }
}

/** What a command prints. */
async function run(topic: keyof typeof topics, ...args: string[]): Promise<string> {
  vi.setSystemTime(hub.clock.now())
  let text = ''
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk)
    return true
  })
  try {
    const command: Command = topics[topic]()
    await command.parseAsync([...args, '--config', join(folder, 'client.json')], { from: 'user' })
    return text
  } finally {
    write.mockRestore()
  }
}

const json = async (...args: Parameters<typeof run>) => JSON.parse(await run(...args, '--json')) as never

async function refusal(...args: Parameters<typeof run>): Promise<string> {
  try {
    return `not refused: ${await run(...args)}`
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}

describe('causeway market', () => {
  it('lists what is listed, by underlying, kind and day', async () => {
    const all = await run('market', 'list')
    expect(all.split('\n')[0]).toMatch(/^market +kind +mark/)
    expect(all).toContain('ETH-PERP')
    const calls = await run('market', 'list', '--underlying', 'eth', '--kind', 'option')
    expect(calls).not.toContain('ETH-PERP')
    expect(calls).toMatch(/ETH-\d{8}-\d+-C/)
    expect(await run('market', 'list', '--underlying', 'DOGE')).toContain('No market is listed')
  })

  it('shows one, its book and the prices', async () => {
    expect(await run('market', 'show', 'ETH-PERP')).toContain('perpetual, open')
    expect(await run('market', 'book', 'ETH-PERP')).toMatch(/^The book of ETH-PERP is empty at block \d+/)
    expect(await run('market', 'prices')).toMatch(/ETH\S* +3000\S* +fresh/i)
    expect(await refusal('market', 'show', 'ETH-NEVER')).toBe('client/21')
    expect(await refusal('market', 'book', 'ETH-PERP', '--depth', '-1')).toBe('cli-trade/8')
  })
})

describe('causeway order and account', () => {
  it('converts, buys what a maker offers, and shows the position', async () => {
    const makes = hub.causeway.trader(maker)
    await makes.convert({ denom: 'usdz', amount: '15000' })
    await makes.order({ market: 'ETH-PERP', side: 'sell', size: '2', limit: '3001' })
    expect(await run('account', 'convert', '15000', 'usdz')).toMatch(/15000 usdz became 15000\S* cash/)
    expect(await run('market', 'book', 'ETH-PERP')).toMatch(/ask +3001 +2/)
    expect(await run('order', 'buy', '0.5', 'ETH-PERP', '--dry-run')).toContain('Margin allows it.')
    expect(await run('order', 'buy', '500', 'ETH-PERP', '--dry-run')).toContain('would refuse it')
    const bought = await run('order', 'buy', '0.5', 'ETH-PERP')
    expect(bought).toMatch(/^bought 0.5 of 0.5 ETH-PERP at 3001, fee 0.75\d*\nblock \d+, tx [0-9A-F]{64}\n$/)
    const portfolio = await run('account', 'portfolio')
    expect(portfolio).toMatch(/ETH-PERP +0.5 +\d/)
    expect(portfolio).toContain('initial margin left')
    expect(portfolio).toContain('Greeks  delta')
    expect(await json('account', 'portfolio', trader.address)).toMatchObject({
      positions: [{ market: 'ETH-PERP', size: '0.5' }],
    })
  })

  it('rests, amends and cancels orders', async () => {
    const { orderId } = (await json('order', 'buy', '1', 'ETH-PERP', '--limit', '2990')) as {
      orderId: string
    }
    expect(await run('order', 'list')).toMatch(new RegExp(`${orderId} +ETH-PERP +buy +1 +1 +2990 +gtc`))
    expect(await run('order', 'amend', orderId, '--remaining', '0.5')).toContain(`amended order ${orderId}`)
    expect(await run('order', 'cancel', orderId)).toContain(`cancelled order ${orderId}`)
    expect(await refusal('order', 'cancel', orderId)).toBe('markets/9')
    await run('order', 'sell', '0.1', 'ETH-PERP', '--stop', '2900', '--below', '--limit', '2850')
    expect(await run('order', 'list')).toContain('stop ≤ 2900')
    expect(await run('order', 'cancel-all', 'ETH-PERP')).toContain('cancelled 1 orders')
    expect(await run('order', 'list')).toBe('No open orders.\n')
  })

  it('says why an order did not rest', async () => {
    const beyond = await run('order', 'buy', '400', 'ETH-PERP', '--limit', '2990')
    expect(beyond).toContain('is over: the account has too little initial margin for it')
    const killed = await run('order', 'buy', '5', 'ETH-PERP', '--limit', '2990', '--tif', 'fok')
    expect(killed).toContain('is over: it could not be filled whole')
  })

  it('trades with a session key until it is revoked', async () => {
    const file = join(folder, 'session.key')
    expect(await run('account', 'session', 'create', file, '--days', '2')).toContain('trades until 2023-11-')
    expect(await refusal('account', 'session', 'create', file)).toBe('cli-trade/12')
    const order = ['order', 'buy', '0.1', 'ETH-PERP', '--limit', '2990', '--session', file] as const
    expect(await run(...order)).toContain('rests with 0.1 left')
    expect(await run('account', 'show')).toContain('session key')
    await run('order', 'cancel-all', '--session', file)
    await run('account', 'session', 'revoke', file)
    expect(await refusal(...order)).toBe('tx/105')
  })

  it('links a second wallet, which then signs for the account', async () => {
    writeFileSync(keyFile('second'), toHex(testSecret('command second')), { mode: 0o600 })
    expect(await run('account', 'link', keyFile('second'))).toContain('signs for the account too')
    const second = ['--key', keyFile('second')] as const
    expect(await run('account', 'portfolio', ...second)).toContain(trader.address)
    expect(await run('account', 'transfer', '1', 'cash', `${trader.address}/4`, ...second)).toContain('moved')
  })

  it('proves what the account holds from one trusted header', async () => {
    const commit = await fetch(`${hub.causeway.rpc}/commit?height=3`)
    const { result } = (await commit.json()) as { result: Commit }
    const trust = `3:${result.signed_header.commit.block_id.hash}`
    const proven = await run('account', 'verify', '--trust', trust)
    expect(proven).toMatch(/proven in the state after block \d+\nof 2023-\S+; .*\ncash +\d/)
    expect(proven).toMatch(/position in market \d+ +0.5\n/)
    const [next] = /\d+:[0-9A-F]{64}/.exec(proven) ?? []
    expect(await run('account', 'verify', '--trust', next!)).toContain('next time: --trust')
    expect(await refusal('account', 'verify', '--trust', `3:${'00'.repeat(32)}`)).toBe('client/61')
    expect(await refusal('account', 'verify', '--trust', 'latest')).toBe('cli-trade/13')
  })

  it('moves money between subaccounts, and shows who an account is', async () => {
    expect(await run('account', 'transfer', '100', 'cash', `${trader.address}/3`)).toContain('moved 100 cash')
    expect(await run('account', 'portfolio', '--subaccount', '3')).toMatch(/cash +100\n/)
    expect(await run('account', 'show')).toContain(`wallet ${trader.address} (evm)`)
    expect(await run('account', 'address')).toContain(trader.nativeAddress)
  })

  it.each([
    ['client/22', ['order', 'buy', '0.00001', 'ETH-PERP', '--limit', '3000']],
    ['client/23', ['order', 'sell', '1', 'ETH-PERP']],
    ['cli-trade/6', ['order', 'sell', '1', 'ETH-PERP', '--limit', '1', '--stop', '2']],
    ['cli-trade/7', ['order', 'buy', '1', 'ETH-PERP', '--limit', '1', '--until', 'yesterday']],
    ['cli-trade/9', ['account', 'withdraw', '1', 'doge']],
    ['cli-trade/11', ['account', 'deposit', '1', 'doge']],
    ['cli-trade/16', ['account', 'withdraw', '1', 'usdz', '--chain', 'eip155:1']],
  ] as const)('refuses with %s', async (code, [topic, ...args]) => {
    expect(await refusal(topic, ...args)).toBe(code)
  })
})

describe('a key file', () => {
  const withKey = (path: string) => refusal('account', 'address', '--key', path)

  it('holds one key that only its owner can read', async () => {
    writeFileSync(keyFile('bad'), 'hunter2', { mode: 0o600 })
    writeFileSync(keyFile('zero'), `0x${'00'.repeat(32)}`, { mode: 0o600 })
    writeFileSync(keyFile('open'), `0x${'11'.repeat(32)}`)
    chmodSync(keyFile('open'), 0o644)
    expect(await withKey(keyFile('bad'))).toBe('cli-trade/4')
    expect(await withKey(keyFile('zero'))).toBe('cli-trade/4')
    expect(await withKey(keyFile('open'))).toBe('cli-trade/5')
    expect(await withKey(keyFile('none'))).toBe('cli-trade/1')
  })
})

interface Commit {
  readonly signed_header: { readonly commit: { readonly block_id: { readonly hash: string } } }
}
