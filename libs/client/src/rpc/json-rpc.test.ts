// What a node may answer, and what is made of it: a server that says anything.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../connect.ts'
import { errorCode } from '../testing/error-code.fixture.ts'
import { httpRpc } from './json-rpc.ts'
import { base64At, codeAt, heightAt, hexAt, listAt, textAt } from './members.ts'

let answer = { status: 200, body: '' }
const server = createServer((_request, response) => {
  response.statusCode = answer.status
  response.end(answer.body)
})
let url = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const call = async (body: string, status = 200) => {
  answer = { status, body }
  return await httpRpc(url, { answerBytesMax: 10_000 })
    .call('status', {})
    .catch((error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`)
}

describe('a node’s answer', () => {
  it('is its result', async () => {
    expect(await call('{"jsonrpc":"2.0","id":1,"result":{"a":"b"}}')).toEqual({ a: 'b' })
  })

  it.each([
    ['no JSON', 'hello', 200, 'client/2'],
    ['no object', '[]', 200, 'client/2'],
    ['no result', '{"id":1}', 200, 'client/2'],
    ['an error', '{"id":1,"error":{"code":-32603,"message":"Internal error","data":"no"}}', 500, 'client/3'],
    ['another status', '{}', 404, 'client/1'],
    ['too long', `{"result":"${'x'.repeat(20_000)}"}`, 200, 'client/2'],
  ])('that is %s is told so', async (_what, body, status, code) => {
    expect(await call(body, status)).toBe(code)
  })

  it('that does not come is told so, and so is an address that is none', async () => {
    const failed = async (rpc: string) =>
      await connect({ rpc }).catch(
        (error: { codespace: string; code: number }) => `${error.codespace}/${error.code}`,
      )
    expect(await failed('http://127.0.0.1:1')).toBe('client/1')
    expect(await failed('ftp://127.0.0.1')).toBe('client/20')
    expect(await failed('no address')).toBe('client/20')
  })

  it('of another chain is refused', async () => {
    answer = { status: 200, body: '{"id":1,"result":{"node_info":{"network":"other-1"}}}' }
    await expect(connect({ rpc: url, chainId: 'causeway-1' })).rejects.toMatchObject({ code: 4 })
    await expect(connect({ rpc: url })).rejects.toMatchObject({ code: 5 })
  })
})

describe('members', () => {
  const members = {
    text: 'a',
    number: 5,
    height: '12',
    list: [1, 2],
    hex: 'ABCD',
    base64: 'AQI=',
    none: null,
  }

  it('are read by their type', () => {
    expect(textAt(members, 'text', 'it')).toBe('a')
    expect([heightAt(members, 'height', 'it'), heightAt(members, 'number', 'it')]).toEqual([12n, 5n])
    expect([codeAt(members, 'number', 'it'), codeAt(members, 'absent', 'it')]).toEqual([5, 0])
    expect([listAt(members, 'list', 'it'), listAt(members, 'none', 'it')]).toEqual([[1, 2], []])
    expect(hexAt(members, 'hex', 'it')).toEqual(Uint8Array.of(0xab, 0xcd))
    expect(base64At(members, 'base64', 'it')).toEqual(Uint8Array.of(1, 2))
    expect(base64At(members, 'none', 'it')).toEqual(new Uint8Array(0))
  })

  it('of another type are refused', () => {
    const refused = [
      () => textAt(members, 'number', 'it'),
      () => heightAt(members, 'text', 'it'),
      () => heightAt({ height: '-1' }, 'height', 'it'),
      () => codeAt({ code: 1.5 }, 'code', 'it'),
      () => codeAt({ code: '1' }, 'code', 'it'),
      () => listAt(members, 'text', 'it'),
      () => listAt(members, 'list', 'it', 1),
      () => hexAt(members, 'text', 'it'),
      () => base64At({ data: '*' }, 'data', 'it'),
    ]
    for (const read of refused) expect(errorCode(read)).toBe('client/2')
  })
})
