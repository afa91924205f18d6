import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileFault } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'file-fault-'))
afterAll(() => rmSync(folder, { recursive: true }))

function faultOf(path: string): string {
  try {
    readFileSync(path)
  } catch (error) {
    return fileFault(error)
  }
  throw new Error(`${path} could be read`)
}

describe('fileFault', () => {
  it('says what the file system meant', () => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync(join(folder, 'circle'), join(folder, 'circle'))
    expect(faultOf(join(folder, 'nowhere'))).toBe('there is no such file or folder')
    expect(faultOf(folder)).toBe('it is a folder, not a file')
    expect(faultOf(join(folder, 'file/below'))).toBe('a part of the path is a file, not a folder')
    expect(faultOf(join(folder, 'circle'))).toBe('its links lead in a circle')
  })

  it('passes on what it has no words for', () => {
    expect(fileFault(new Error('the disk is on fire'))).toBe('the disk is on fire')
    expect(fileFault('odd')).toBe('odd')
  })
})
