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

    function twice(
        bytes calldata prefix,
        string calldata client,
        bytes[2] calldata proofs,
        bytes32[2] calldata values,
        uint64[2] calldata sequences
    ) external view returns (bytes memory) {
        bytes memory key = abi.encodePacked(client, bytes1(0x01), type(uint64).max);
        ProofCall.Draft memory draft = ProofCall.open(ProofCall.Claim(prefix, key, "any", 9, false));
        ProofCall.set(draft, sequences[0], values[0]);
        bytes memory first = ProofCall.complete(draft, proofs[0]);
        ProofCall.set(draft, sequences[1], values[1]);
        return abi.encode(first, ProofCall.complete(draft, proofs[1]));
    }
}

/// @dev Answers with what the compiler's decoder reads, as the compiler's encoder writes it.
contract CallReader {
    fallback(bytes calldata data) external returns (bytes memory) {
        bytes4 selector = bytes4(data);
        if (selector == ILightClient.verifyMembership.selector) {
            (bytes memory proof, uint64 height, bytes[] memory path, bytes memory value) =
                abi.decode(data[4:], (bytes, uint64, bytes[], bytes));
            return abi.encodeCall(ILightClient.verifyMembership, (proof, height, path, value));
        }
        if (selector == ILightClient.verifyNonMembership.selector) {
            (bytes memory proof, uint64 height, bytes[] memory path) =
                abi.decode(data[4:], (bytes, uint64, bytes[]));
            return abi.encodeCall(ILightClient.verifyNonMembership, (proof, height, path));
        }
        if (selector == ILightClient.verifyMembershipAtExit.selector) {
            (bytes memory proof, bytes[] memory path, bytes memory value) =
                abi.decode(data[4:], (bytes, bytes[], bytes));
            return abi.encodeCall(ILightClient.verifyMembershipAtExit, (proof, path, value));
        }
        (bytes memory proof_, bytes[] memory path_) = abi.decode(data[4:], (bytes, bytes[]));
        return abi.encodeCall(ILightClient.verifyNonMembershipAtExit, (proof_, path_));
    }
}

/// @notice What is put together by hand is what the compiler would make, but for its order.
contract ProofCallTest is Test {
    ProofCallHarness private _harness = new ProofCallHarness();
    CallReader private _reader = new CallReader();

    function testFuzz_calls_are_decoded_as_those_of_the_compiler(
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

    function testFuzz_a_call_becomes_one_about_another_packet(
        bytes[2] calldata proofs,
        bytes32[2] calldata values,
        uint64[2] calldata sequences,
        string calldata client
    ) public view {
        vm.assume(values[0] != 0 && values[1] != 0);
        bytes memory packed = MerklePrefix.pack(_path(new bytes[](2), ""));
        bytes memory calls = _harness.twice(packed, client, proofs, values, sequences);
        (bytes memory first, bytes memory second) = abi.decode(calls, (bytes, bytes));
        for (uint256 i = 0; i < 2; ++i) {
            bytes memory key = abi.encodePacked(client, bytes1(0x01), sequences[i]);
            bytes memory stored = abi.encodePacked(values[i]);
            bytes[] memory path = _path(new bytes[](2), key);
            _same(
                i == 0 ? first : second,
                abi.encodeCall(ILightClient.verifyMembership, (proofs[i], 9, path, stored))
            );
        }
    }

    function _compare(
        bytes memory packed,
        bytes[] memory path,
        bytes memory key,
        bytes memory proof,
        bytes32 value,
        uint64 height
    ) private view {
        _same(
            _harness.write(ProofCall.Claim(packed, key, 0, height, false), proof),
            abi.encodeCall(ILightClient.verifyNonMembership, (proof, height, path))
        );
        _same(
            _harness.write(ProofCall.Claim(packed, key, 0, height, true), proof),
            abi.encodeCall(ILightClient.verifyNonMembershipAtExit, (proof, path))
        );
        if (value == 0) return;
        bytes memory stored = abi.encodePacked(value);
        _same(
            _harness.write(ProofCall.Claim(packed, key, value, height, false), proof),
            abi.encodeCall(ILightClient.verifyMembership, (proof, height, path, stored))
        );
        _same(
            _harness.write(ProofCall.Claim(packed, key, value, height, true), proof),
            abi.encodeCall(ILightClient.verifyMembershipAtExit, (proof, path, stored))
        );
    }

    /// @dev The same bytes but for the order of the arguments' contents: as many, and the same when decoded.
    function _same(bytes memory actual, bytes memory expected) private view {
        assertEq(actual.length, expected.length);
        (bool done, bytes memory read) = address(_reader).staticcall(actual);
        assertTrue(done);
        assertEq(read, expected);
    }

    function _path(bytes[] memory prefix, bytes memory key) private pure returns (bytes[] memory path) {
        path = new bytes[](prefix.length);
        for (uint256 i = 0; i < prefix.length; ++i) {
            path[i] = i + 1 == prefix.length ? bytes.concat(prefix[i], key) : prefix[i];
        }
    }
}
