import { describe, expect, it } from 'vitest'
import { parseAddress } from './address.ts'

describe('parseAddress', () => {
  it('reads the addresses of proxy_app', () => {
    expect(parseAddress('unix:///tmp/a.sock')).toEqual({ kind: 'unix', path: '/tmp/a.sock' })
    expect(parseAddress('tcp://127.0.0.1:26658')).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 26658 })
    expect(parseAddress('tcp://localhost:0')).toEqual({ kind: 'tcp', host: 'localhost', port: 0 })
    expect(parseAddress('tcp://[::1]:80')).toEqual({ kind: 'tcp', host: '::1', port: 80 })
  })

  it.each([
    '',
    'unix://',
    'tcp://',
    'tcp://host',
    'tcp://host:',
    'tcp://host:65536',
    'http://h:1',
    'tcp://::1:80',
  ])('refuses %j', (address) => {
    expect(() => parseAddress(address)).toThrow(expect.objectContaining({ codespace: 'abci', code: 3 }))
  })
})
