// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from 'forge-std/Test.sol';
import { ProofErrors } from '../../src/ics23/ProofErrors.sol';
import { ProofHarness } from './ProofHarness.sol';

/// @notice Proofs of one transaction that end at nodes of one another. Each test is one transaction.
contract ProofBatchTest is Test {
    uint64 private constant HEIGHT = 1001;

    ProofHarness private _harness;
    bytes24 private _commitment;
    bytes[] private _proofs;
    bytes[] private _keys;
    bytes[] private _values;
    bytes[] private _absences;
    bytes[] private _absentKeys;
    bytes private _opened;

    function setUp() public {
        _harness = new ProofHarness();
        string memory json = vm.readFile('test/fixtures/hub/batch.json');
        _commitment = _harness.commitmentOf(
            vm.parseJsonBytes32(json, '.header.appHash'), vm.parseJsonBytes32(json, '.header.nextSetHash')
        );
        _proofs = vm.parseJsonBytesArray(json, '.memberships.batch');
        _keys = vm.parseJsonBytesArray(json, '.memberships.keys');
        _values = vm.parseJsonBytesArray(json, '.memberships.values');
        _absences = vm.parseJsonBytesArray(json, '.absences.batch');
        _absentKeys = vm.parseJsonBytesArray(json, '.absences.keys');
        _opened = vm.parseJsonBytes(json, '.memberships.opened');
        // The first proof of a batch in the transaction of its own: with the opening
        bytes32 nextSetHash = vm.parseJsonBytes32(json, '.header.nextSetHash');
        _proofs[0] = bytes.concat(_proofs[0], nextSetHash);
        _absences[0] = bytes.concat(_absences[0], nextSetHash);
    }

    function test_inOrder() public {
        for (uint256 i = 0; i < _proofs.length; i++) {
            _member(i, 'ibc', HEIGHT);
        }
        for (uint256 i = 0; i < _absences.length; i++) {
            _absent(i, 'ibc', HEIGHT);
        }
        // What was verified may be verified again
        for (uint256 i = 0; i < _proofs.length; i++) {
            _member(i, 'ibc', HEIGHT);
        }
    }

    function test_notWithoutTheFirst() public {
        for (uint256 i = 1; i < _proofs.length; i++) {
            _expectNotProven();
            _member(i, 'ibc', HEIGHT);
        }
        for (uint256 i = 1; i < _absences.length; i++) {
            _expectNotProven();
            _absent(i, 'ibc', HEIGHT);
        }
    }

    function test_notForAnotherHeightOrStore() public {
        for (uint256 i = 0; i < _proofs.length; i++) {
            _member(i, 'ibc', HEIGHT);
        }
        for (uint256 i = 1; i < _proofs.length; i++) {
            _expectNotProven();
            _member(i, 'ibc', HEIGHT + 1);
            _expectNotProven();
            _member(i, 'ib', HEIGHT);
            _expectNotProven();
            _member(i, '', HEIGHT);
        }
    }

    /// A proof that was refused leaves nothing behind, although it led through the nodes.
    function test_refusedProofsProveNothing() public {
        bytes[] memory path = _path('ibc', _keys[0]);
        bytes memory first = _proofs[0];
        first[first.length - 1] ^= 0x01;
        (bool accepted,) = address(_harness)
            .call(
                abi.encodeCall(ProofHarness.verifyMembership, (first, path, _values[0], HEIGHT, _commitment))
            );
        assertFalse(accepted);
        for (uint256 i = 1; i < _proofs.length; i++) {
            _expectNotProven();
            _member(i, 'ibc', HEIGHT);
        }
    }

    /// A batch proves each packet's own value only.
    function testFuzz_otherValues(uint256 which, uint8 change) public {
        vm.assume(change != 0);
        which = bound(which, 1, _proofs.length - 1);
        for (uint256 i = 0; i < _proofs.length; i++) {
            _member(i, 'ibc', HEIGHT);
        }
        bytes memory value = _values[which];
        value[which % 32] ^= bytes1(change);
        bytes[] memory path = _path('ibc', _keys[which]);
        vm.expectPartialRevert(ProofErrors.NodeNotProven.selector);
        _harness.verifyMembership(_proofs[which], path, value, HEIGHT, _commitment);
    }

    /// A remembered inner node is no store's root and no app hash: a proof that ends there otherwise is
    /// refused.
    function test_nodesAreOfOneKind() public {
        for (uint256 i = 0; i < _proofs.length; i++) {
            _member(i, 'ibc', HEIGHT);
        }
        bytes[] memory path = _path('ibc', _keys[1]);
        // The second proof ends at a node of the first; with a store path behind it that node would be a root
        bytes memory asRoot = bytes.concat(_proofs[1], hex'000000');
        vm.expectPartialRevert(ProofErrors.NodeNotProven.selector);
        _harness.verifyMembership(asRoot, path, _values[1], HEIGHT, _commitment);
        vm.expectPartialRevert(ProofErrors.RootMismatch.selector);
        _harness.verifyMembership(bytes.concat(asRoot, bytes32(0)), path, _values[1], HEIGHT, _commitment);
    }

    function test_openedOnItsOwn() public {
        _harness.verifyMembership(_opened, _path('ibc', _keys[0]), _values[0], HEIGHT, _commitment);
        vm.expectPartialRevert(ProofErrors.RootMismatch.selector);
        _harness.verifyMembership(
            _opened, _path('ibc', _keys[0]), _values[0], HEIGHT, _commitment ^ bytes24(uint192(1))
        );
    }

    function _member(uint256 i, string memory store, uint64 height) private {
        _harness.verifyMembership(_proofs[i], _path(store, _keys[i]), _values[i], height, _commitment);
    }

    function _absent(uint256 i, string memory store, uint64 height) private {
        _harness.verifyNonMembership(_absences[i], _path(store, _absentKeys[i]), height, _commitment);
    }

    function _expectNotProven() private {
        vm.expectPartialRevert(ProofErrors.NodeNotProven.selector);
    }

    function _path(string memory store, bytes memory key) private pure returns (bytes[] memory path) {
        path = new bytes[](2);
        path[0] = bytes(store);
        path[1] = key;
    }
}
