// Replays tree operations on github.com/cosmos/iavl, so that ours can be compared with it.
//
// One operation a line on standard input, one answer a line on standard output for those marked with *:
//
//	open NAME            starts an empty tree; later lines are about it
//	set KEY VALUE        hex
//	delete KEY
//	* save               "root VERSION ROOT SIZE"
//	* prove VERSION KEY  "proof HEX": a marshalled ics23 CommitmentProof, of existence or of absence
//	* range VERSION START END ascending|descending   "range COUNT SHA256": of the pairs; "-" is an open end
//	reload               closes the tree and loads its latest version from its database
//	prune VERSION        deletes the versions up to this one
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/cosmos/iavl"
	dbm "github.com/cosmos/iavl/db"
	ics23 "github.com/cosmos/ics23/go"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func bytesOf(text string) []byte {
	if text == "-" {
		return nil
	}
	return must(hex.DecodeString(text))
}

func load(db dbm.DB) *iavl.MutableTree {
	tree := iavl.NewMutableTree(db, 1000, true, iavl.NewNopLogger())
	must(tree.Load())
	return tree
}

func prove(tree *iavl.MutableTree, version int64, key []byte) []byte {
	at := must(tree.GetImmutable(version))
	var proof *ics23.CommitmentProof
	if must(at.Has(key)) {
		proof = must(at.GetMembershipProof(key))
		if !ics23.VerifyMembership(ics23.IavlSpec, at.Hash(), proof, key, must(at.Get(key))) {
			panic("a proof of existence that does not verify")
		}
	} else {
		proof = must(at.GetNonMembershipProof(key))
		if at.Size() > 0 && !ics23.VerifyNonMembership(ics23.IavlSpec, at.Hash(), proof, key) {
			panic("a proof of absence that does not verify")
		}
	}
	return must(proof.Marshal())
}

func digest(tree *iavl.MutableTree, version int64, start, end []byte, ascending bool) (int, []byte) {
	at := must(tree.GetImmutable(version))
	iterator := must(at.Iterator(start, end, ascending))
	defer iterator.Close()
	hash, count := sha256.New(), 0
	for ; iterator.Valid(); iterator.Next() {
		for _, part := range [][]byte{iterator.Key(), iterator.Value()} {
			var length [4]byte
			binary.BigEndian.PutUint32(length[:], uint32(len(part)))
			hash.Write(length[:])
			hash.Write(part)
		}
		count++
	}
	return count, hash.Sum(nil)
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	var db dbm.DB
	var tree *iavl.MutableTree
	for in.Scan() {
		words := strings.Fields(in.Text())
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "open":
			db = dbm.NewMemDB()
			tree = load(db)
		case "set":
			must(tree.Set(bytesOf(words[1]), bytesOf(words[2])))
		case "delete":
			if _, _, err := tree.Remove(bytesOf(words[1])); err != nil {
				panic(err)
			}
		case "save":
			root, version, err := tree.SaveVersion()
			check(err)
			fmt.Fprintf(out, "root %d %x %d\n", version, root, tree.Size())
		case "prove":
			version := must(strconv.ParseInt(words[1], 10, 64))
			fmt.Fprintf(out, "proof %x\n", prove(tree, version, bytesOf(words[2])))
		case "range":
			version := must(strconv.ParseInt(words[1], 10, 64))
			count, hash := digest(tree, version, bytesOf(words[2]), bytesOf(words[3]), words[4] == "ascending")
			fmt.Fprintf(out, "range %d %x\n", count, hash)
		case "reload":
			tree = load(db)
		case "prune":
			check(tree.DeleteVersionsTo(must(strconv.ParseInt(words[1], 10, 64))))
		default:
			panic("unknown operation " + words[0])
		}
	}
	check(in.Err())
}
