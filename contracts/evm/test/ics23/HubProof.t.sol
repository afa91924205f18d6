// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from 'forge-std/Test.sol';
import { ProofErrors } from '../../src/ics23/ProofErrors.sol';
import { ProofHarness } from './ProofHarness.sol';

/// @notice Proofs of trees that libs/state-tree made, honest and forged: the contract's answer is that of
/// libs/light-clients' verifier, which the fixtures carry. And no change of a proof leaves it valid.
contract HubProofTest is Test {
    /// As scripts/proof-fixtures.ts writes it.
    struct ProofCase {
        bytes32 appHash;
        bool isAbsence;
        bool isValid;
        bytes key;
        string name;
        bytes32 nextSetHash;
        bytes proof;
        string store;
        bytes value;
    }

    string private constant CASE = 'ProofCase(bytes32 appHash,bool isAbsence,'
        'bool isValid,bytes key,string name,bytes32 nextSetHash,bytes proof,string store,bytes value)';
    uint64 private constant HEIGHT = 77;

    ProofHarness private _harness;
    /// Honest proofs, some for each tree.
    ProofCase[] private _valid;

    function setUp() public {
        _harness = new ProofHarness();
        ProofCase[] memory cases = _cases();
        for (uint256 i = 0; i < cases.length; i++) {
            if (cases[i].isValid && i % 3 == 0) _valid.push(cases[i]);
        }
    }

    function test_answersAsTheTypeScriptVerifier() public {
        ProofCase[] memory cases = _cases();
        uint256 valid = 0;
        for (uint256 i = 0; i < cases.length; i++) {
            (bool accepted,) = _verify(cases[i]);
            assertEq(accepted, cases[i].isValid, cases[i].name);
            if (accepted) valid++;
        }
        assertGt(valid, 90, 'valid cases');
        assertGt(cases.length - valid, 200, 'forged cases');
    }

    /// A proof with a byte changed proves nothing, unless the change is only that a node is to be remembered.
    function testFuzz_changedProofs(uint256 which, uint256 position, uint8 change) public {
        ProofCase memory c = _honest(which);
        vm.assume(change != 0);
        position = bound(position, 0, c.proof.length - 1);
        c.proof[position] ^= bytes1(change);
        (bool accepted,) = _verify(c);
        assertTrue(!accepted || change == 0x40, c.name);
    }

    function testFuzz_cutAndExtendedProofs(uint256 which, uint256 length) public {
        ProofCase memory c = _honest(which);
        bytes memory whole = c.proof;
        length = bound(length, 0, whole.length + 64);
        vm.assume(length != whole.length);
        c.proof = new bytes(length);
        for (uint256 i = 0; i < length && i < whole.length; i++) {
            c.proof[i] = whole[i];
        }
        (bool accepted,) = _verify(c);
        assertFalse(accepted, c.name);
    }

    /// An honest proof proves nothing else: another key, value, store, app hash or next set.
    function testFuzz_otherClaims(uint256 which, uint256 what, uint256 bit) public {
        ProofCase memory c = _honest(which);
        what = bound(what, 0, c.isAbsence ? 3 : 4);
        if (what == 0) c.appHash ^= bytes32(uint256(1) << (bit % 256));
        if (what == 1) c.nextSetHash ^= bytes32(uint256(1) << (bit % 256));
        if (what == 2) c.store = string(_flipped(bytes(c.store), bit));
        if (what == 3) c.key = _flipped(c.key, bit);
        if (what == 4) c.value = _flipped(c.value, bit);
        (bool accepted,) = _verify(c);
        // Another key of the same gap is absent, too
        if (c.isAbsence && what == 3 && accepted) return;
        assertFalse(accepted, c.name);
    }

    /// A proof of one kind does not pass as the other.
    function testFuzz_otherKind(uint256 which) public {
        ProofCase memory c = _honest(which);
        uint8 kind = uint8(c.proof[0]);
        c.isAbsence = !c.isAbsence;
        if (!c.isAbsence) c.value = '1';
        (bool accepted, bytes memory reason) = _verify(c);
        assertFalse(accepted);
        assertEq(reason, abi.encodeWithSelector(ProofErrors.ProofKind.selector, kind));
    }

    function test_arguments() public {
        ProofCase memory c = _honest(0);
        bytes24 commitment = _harness.commitmentOf(c.appHash, c.nextSetHash);
        bytes[] memory path = new bytes[](1);
        path[0] = 'ibc';
        vm.expectRevert(abi.encodeWithSelector(ProofErrors.PathLength.selector, 2, 1));
        _harness.verifyMembership(c.proof, path, '1', HEIGHT, commitment);
        vm.expectRevert(abi.encodeWithSelector(ProofErrors.PathLength.selector, 2, 1));
        _harness.verifyNonMembership(c.proof, path, HEIGHT, commitment);
        path = new bytes[](2);
        path[0] = 'ibc';
        vm.expectRevert(ProofErrors.EmptyValue.selector);
        _harness.verifyMembership(c.proof, path, '', HEIGHT, commitment);
        vm.expectRevert(abi.encodeWithSelector(ProofErrors.KeyLength.selector, 16383, 0));
        _harness.verifyMembership(c.proof, path, '1', HEIGHT, commitment);
        vm.expectRevert(abi.encodeWithSelector(ProofErrors.KeyLength.selector, 16383, 0));
        _harness.verifyNonMembership(c.proof, path, HEIGHT, commitment);
        path[1] = new bytes(16384);
        vm.expectRevert(abi.encodeWithSelector(ProofErrors.KeyLength.selector, 16383, 16384));
        _harness.verifyMembership(c.proof, path, '1', HEIGHT, commitment);
        path[1] = c.key;
        path[0] = new bytes(128);
        vm.expectRevert(abi.encodeWithSelector(ProofErrors.KeyLength.selector, 127, 128));
        _harness.verifyMembership(c.proof, path, c.value, HEIGHT, commitment);
    }

    /// What cosmos/iavl never writes, in a proof that is put together by hand: 01 ‖ leaf ‖ one inner
    /// node.
    function test_innerNodes() public {
        bytes memory leaf = hex'010102';
        string[14] memory fields = [
            '0202', // two bytes
            '020402020202020202020202', // twelve
            '000402', // a leaf's height
            '010402', // negative: odd
            '820402', // a height of more than a byte
            '020302', // a negative size
            '020403', // a negative version
            '02048302', // a version that begins odd, over two bytes
            '020482', // a version that goes on
            '02828282', // a size that goes on to the end
            '0204020202', // three varints behind the height
            '028002ff7f', // a version that begins odd behind a long size
            '02828402', // only one varint behind the height
            '0002' // two bytes that begin as a leaf
        ];
        for (uint256 i = 0; i < fields.length; i++) {
            bytes memory content = vm.parseBytes(fields[i]);
            bytes memory inner = bytes.concat(bytes1(uint8(content.length)), content, bytes32(uint256(7)));
            _expectRefused(
                bytes.concat(leaf, hex'01', inner),
                abi.encodeWithSelector(ProofErrors.InnerNode.selector, 1),
                fields[i]
            );
        }
        // Unused bits of the first byte
        for (uint256 bit = 0x10; bit <= 0x20; bit <<= 1) {
            bytes memory inner = bytes.concat(bytes1(uint8(3 | bit)), hex'020402', bytes32(uint256(7)));
            _expectRefused(
                bytes.concat(leaf, hex'01', inner),
                abi.encodeWithSelector(ProofErrors.InnerNode.selector, 1),
                'bits'
            );
        }
        // A height below the layer: the second node with the first one's
        bytes memory node = bytes.concat(hex'03020402', bytes32(uint256(7)));
        _expectRefused(
            bytes.concat(leaf, hex'02', node, node),
            abi.encodeWithSelector(ProofErrors.InnerNode.selector, 2),
            'layer'
        );
        // What is well formed leads on, to a node that nothing proved
        (bool accepted, bytes memory reason) = _verifyBytes(bytes.concat(leaf, hex'01', node));
        assertFalse(accepted);
        assertEq(bytes4(reason), ProofErrors.NodeNotProven.selector);
    }

    function test_leafVersions() public {
        string[7] memory leaves =
            ['00', '0101', '0180', '020202', '028002', '0a80808080808080808002', '028102'];
        for (uint256 i = 0; i < leaves.length; i++) {
            bytes memory proof = bytes.concat(hex'01', vm.parseBytes(leaves[i]), hex'00');
            (bool accepted, bytes memory reason) = _verifyBytes(proof);
            assertFalse(accepted);
            // A version of two bytes is one, the rest is none
            bytes4 expected = i == 4 ? ProofErrors.NodeNotProven.selector : ProofErrors.LeafVersion.selector;
            assertEq(bytes4(reason), expected, leaves[i]);
        }
    }

    function test_storePaths() public {
        bytes memory start = hex'01010200';
        bytes memory sibling = abi.encode(uint256(7));
        _expectRefused(
            bytes.concat(start, hex'110000', sibling),
            abi.encodeWithSelector(ProofErrors.StorePath.selector, 16, 17, 0),
            'too deep'
        );
        _expectRefused(
            bytes.concat(start, hex'010002', sibling),
            abi.encodeWithSelector(ProofErrors.StorePath.selector, 16, 1, 2),
            'more sides than siblings'
        );
    }

    function _expectRefused(bytes memory proof, bytes memory expected, string memory name) private {
        (bool accepted, bytes memory reason) = _verifyBytes(proof);
        assertFalse(accepted, name);
        assertEq(reason, expected, name);
    }

    function _verifyBytes(bytes memory proof) private returns (bool, bytes memory) {
        bytes[] memory path = new bytes[](2);
        path[0] = 'ibc';
        path[1] = 'key';
        return address(_harness)
            .call(
                abi.encodeCall(
                    ProofHarness.verifyMembership, (proof, path, 'value', HEIGHT, bytes24(uint192(1)))
                )
            );
    }

    function _honest(uint256 which) private view returns (ProofCase memory) {
        return _valid[bound(which, 0, _valid.length - 1)];
    }

    function _flipped(bytes memory data, uint256 bit) private pure returns (bytes memory) {
        bit %= 8 * data.length;
        data[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        return data;
    }

    function _cases() private view returns (ProofCase[] memory) {
        string memory json = vm.readFile('test/fixtures/hub/proofs.json');
        return abi.decode(vm.parseJsonTypeArray(json, '.cases', CASE), (ProofCase[]));
    }

    function _verify(ProofCase memory c) private returns (bool, bytes memory) {
        bytes[] memory path = new bytes[](2);
        path[0] = bytes(c.store);
        path[1] = c.key;
        bytes24 commitment = _harness.commitmentOf(c.appHash, c.nextSetHash);
        bytes memory call = c.isAbsence
            ? abi.encodeCall(ProofHarness.verifyNonMembership, (c.proof, path, HEIGHT, commitment))
            : abi.encodeCall(ProofHarness.verifyMembership, (c.proof, path, c.value, HEIGHT, commitment));
        return address(_harness).call(call);
    }
}
