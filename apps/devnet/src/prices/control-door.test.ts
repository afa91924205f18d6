import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openControlDoor } from './control-door.ts'
import type { ControlDoor } from './control-door.ts'
import { moveable } from './simulated-market.ts'

const TOKEN = '00112233445566778899aabbccddeeff'
const set: Readonly<Record<string, number>>[] = []
let door: ControlDoor

beforeAll(async () => {
  door = await openControlDoor(
    moveable((moves) => set.push(moves)),
    TOKEN,
  )
})
afterAll(() => door.stop())

async function ask(body: string, { token = TOKEN, method = 'POST', path = '/move' } = {}) {
  const headers = { authorization: `Bearer ${token}` }
  const init = method === 'GET' ? { method, headers } : { method, headers, body }
  const response = await fetch(`${door.url}${path}`, init)
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

describe('the door to the simulated exchange', () => {
  it('moves a price by a part of what it is now', async () => {
    expect(await ask('{"symbol":"ETH","bps":-4000}')).toEqual({
      status: 200,
      json: { symbol: 'ETH', movedBps: -4_000 },
    })
    expect(await ask('{"symbol":"ETH","bps":-5000}')).toMatchObject({ json: { movedBps: -7_000 } })
    expect(await ask('{"symbol":"BTC","bps":2500}')).toMatchObject({ json: { movedBps: 2_500 } })
    expect(set.at(-1)).toEqual({ ETH: -7_000, BTC: 2_500 })
  })

  it('never moves one to nothing', async () => {
    for (let i = 0; i < 5; i++) await ask('{"symbol":"SOL","bps":-9500}')
    expect(set.at(-1)!['SOL']).toBeGreaterThan(-10_000)
  })

  it('opens to nobody without the token', async () => {
    const before = set.length
    for (const token of ['', 'x', TOKEN.replace('0', '1'), `${TOKEN}0`]) {
      expect((await ask('{"symbol":"ETH","bps":-4000}', { token })).status).toBe(401)
    }
    expect((await fetch(`${door.url}/move`, { method: 'POST', body: '{}' })).status).toBe(401)
    expect(set).toHaveLength(before)
  })

  it.each([
    '',
    'null',
    '[]',
    '{"symbol":"USDC","bps":-100}',
    '{"symbol":"DOGE","bps":-100}',
    '{"symbol":"ETH","bps":-9501}',
    '{"symbol":"ETH","bps":40001}',
    '{"symbol":"ETH","bps":1.5}',
    '{"symbol":"ETH","bps":"-40"}',
    `{"symbol":"ETH","bps":-40,"more":"${'x'.repeat(2_000)}"}`,
  ])('refuses %s', async (body) => {
    const { status, json } = await ask(body)
    expect(status).toBe(400)
    expect(json['error']).toContain('expected a symbol of ETH, SOL, BTC')
  })

  it('has nothing else', async () => {
    expect((await ask('', { method: 'GET' })).status).toBe(404)
    expect((await ask('{}', { path: '/scenario' })).status).toBe(404)
  })
})
