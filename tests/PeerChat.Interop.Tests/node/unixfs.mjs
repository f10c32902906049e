// CIDs and CARs as the npm packages make them, under the profile unixfs-v1-2025 of IPIP-499.
//   node unixfs.mjs vectors        a shape and its CID a line, as tests/PeerChat.Rooms.Tests/Vectors/unixfs-v1-2025.txt has them
//   node unixfs.mjs cid SIZE       the CID of a file of the pattern
//   node unixfs.mjs folder PATH    the CID of a folder on disk
//   node unixfs.mjs car PATH       checks every block of a CAR; prints its root and how many bytes of files lie under it
import { createReadStream } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { CarBlockIterator } from '@ipld/car'
import { BlackHoleBlockstore } from 'blockstore-core/black-hole'
import { exporter } from 'ipfs-unixfs-exporter'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { sha256 } from 'multiformats/hashes/sha2'

const profile = { profile: 'unixfs-v1-2025' }
const nowhere = new BlackHoleBlockstore()
const MiB = 1024 * 1024
const byteAt = i => (i * 31 + (i >>> 8) * 7 + (i >>> 16) * 13) & 0xff

function * pattern (size) {
  for (let at = 0; at < size; at += MiB / 2) {
    yield Uint8Array.from({ length: Math.min(MiB / 2, size - at) }, (_, i) => byteAt(at + i))
  }
}

async function last (source) {
  let entry
  for await (const one of source) entry = one
  return entry.cid
}

const file = (size, options = {}) => last(importer([{ path: 'f', content: pattern(size) }], nowhere, { ...profile, ...options }))
const folder = names => last(importer(names.map((name, i) => ({ path: `d/${name}`, content: Uint8Array.of(i & 0xff, i >> 8) })), nowhere, profile))
const range = (count, name) => Array.from({ length: count }, (_, i) => name(i))
const digits = i => String(i).padStart(5, '0')

async function vectors () {
  for (const size of [0, 1, 255, MiB - 1, MiB, MiB + 1, 2 * MiB, 5 * MiB + 12345]) console.log(`file ${size} ${await file(size)}`)
  for (const size of [0, 1, 4, 5, 12, 13, 36, 37, 108, 109, 110, 121, 1000]) {
    console.log(`tree ${size} ${await file(size, { chunker: fixedSize({ chunkSize: 4 }), layout: balanced({ maxChildrenPerNode: 3 }) })}`)
  }
  console.log(`empty 0 ${await last(importer([{ path: 'd' }], nowhere, profile))}`)
  for (const count of [1, 3, 200, 2000, 6000]) {
    console.log(`short ${count} ${await folder(range(count, i => `n${i}`))}`)
    console.log(`unicode ${count} ${await folder(range(count, i => `файл 写真 ${i} é`))}`)
  }
  // 2,647 entries of which the first has a name of 139, 140 or 141 bytes: a node of 262,143, 262,144 and 262,145 bytes
  for (const length of [139, 140, 141]) {
    console.log(`edge ${length} ${await folder(range(2647, i => 'k'.repeat(i === 0 ? length - 5 : 50) + digits(i)))}`)
  }
}

async function * walk (root, below) {
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const path = join(below, entry.name)
    if (entry.isDirectory()) {
      yield { path: join('d', path) }
      yield * walk(root, path)
    } else if (!entry.isSymbolicLink()) {
      yield { path: join('d', path), content: createReadStream(join(root, path)) }
    } else {
      yield { path: join('d', path), link: await readlink(join(root, path)) }
    }
  }
}

async function car (path) {
  const known = new Map()
  const blocks = { get: async cid => known.get(String(cid)) }
  const source = await CarBlockIterator.fromIterable(createReadStream(path))
  for await (const { cid, bytes } of source) {
    const digest = await sha256.digest(bytes)
    if (Buffer.compare(digest.bytes, cid.multihash.bytes) !== 0) throw new Error(`${cid} is another block`)
    known.set(String(cid), bytes)
  }
  const [root] = await source.getRoots()
  let total = 0
  const read = async entry => {
    if (entry.type === 'directory') {
      for await (const child of entry.content()) await read(await exporter(child.cid, blocks))
    } else if (entry.unixfs?.type !== 'symlink') {
      for await (const part of entry.content()) total += part.length
    }
  }
  await read(await exporter(root, blocks))
  console.log(`${root} ${total}`)
}

const [, , what, argument] = process.argv
if (what === 'vectors') await vectors()
else if (what === 'cid') console.log(String(await file(Number(argument))))
else if (what === 'folder') console.log(String(await last(importer(walk(argument, ''), nowhere, profile))))
else if (what === 'car') await car(argument)
