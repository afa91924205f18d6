// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { MerklePrefix } from "../../src/core/MerklePrefix.sol";
import { ProofCall } from "../../src/core/ProofCall.sol";
import { ILightClient } from "../../src/interfaces/ILightClient.sol";

/// @dev Arguments in calldata, as the core has them, and memory that was written to before.
contract ProofCallHarness {
    function write(ProofCall.Claim memory claim, bytes calldata proof) external pure returns (bytes memory) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            for { let at := free } lt(at, add(free, 0x2000)) { at := add(at, 0x20) } { mstore(at, not(0)) }
        }
        return ProofCall.write(claim, proof);
    }
}

/// @notice What is put together by hand is what the compiler would make.
contract ProofCallTest is Test {
    ProofCallHarness private _harness = new ProofCallHarness();

    function testFuzz_calls_are_encoded_as_the_compiler_does(
        bytes[3] calldata elements,
        uint256 count,
        bytes calldata key,
        bytes calldata proof,
        bytes32 value,
        uint64 height
    ) public view {
        bytes[] memory prefix = new bytes[](bound(count, 1, 3));
        for (uint256 i = 0; i < prefix.length; ++i) {
            uint256 length = elements[i].length;
            prefix[i] = elements[i][:length < 128 ? length : 128];
        }
        bytes memory packed = MerklePrefix.pack(prefix);
        assertEq(abi.encode(MerklePrefix.unpack(packed)), abi.encode(prefix));
        _compare(packed, _path(prefix, key), key, proof, value, height);
    }

    function test_the_hubs_prefix_fills_five_bytes() public view {
        bytes[] memory prefix = new bytes[](2);
        prefix[0] = "ibc";
        bytes memory packed = MerklePrefix.pack(prefix);
        assertEq(packed, hex"0369626300");
        bytes memory key = "client-0\x01\x00\x00\x00\x00\x00\x00\x00\x07";
        _compare(packed, _path(prefix, key), key, hex"0102", keccak256("value"), 9);
    }

    function _compare(
        bytes memory packed,
        bytes[] memory path,
        bytes memory key,
        bytes memory proof,
        bytes32 value,
        uint64 height
    ) private view {
        bytes memory expected = abi.encodeCall(ILightClient.verifyNonMembership, (proof, height, path));
        assertEq(_harness.write(ProofCall.Claim(packed, key, 0, height, false), proof), expected);
        expected = abi.encodeCall(ILightClient.verifyNonMembershipAtExit, (proof, path));
        assertEq(_harness.write(ProofCall.Claim(packed, key, 0, height, true), proof), expected);
        if (value == 0) return;
        bytes memory stored = abi.encodePacked(value);
        expected = abi.encodeCall(ILightClient.verifyMembership, (proof, height, path, stored));
        assertEq(_harness.write(ProofCall.Claim(packed, key, value, height, false), proof), expected);
        expected = abi.encodeCall(ILightClient.verifyMembershipAtExit, (proof, path, stored));
        assertEq(_harness.write(ProofCall.Claim(packed, key, value, height, true), proof), expected);
    }

    function _path(bytes[] memory prefix, bytes memory key) private pure returns (bytes[] memory path) {
        path = new bytes[](prefix.length);
        for (uint256 i = 0; i < prefix.length; ++i) {
            path[i] = i + 1 == prefix.length ? bytes.concat(prefix[i], key) : prefix[i];
        }
    }
}
