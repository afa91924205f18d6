// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Stack } from "./Stack.sol";
import { Commitments } from "../../src/core/Commitments.sol";
import { PacketBytes } from "../../src/core/PacketBytes.sol";
import { Packet, Payload } from "../../src/interfaces/IbcMessages.sol";

/// @dev Calldata for a library whose functions are internal.
contract CommitmentsHarness {
    function ofPacket(Packet calldata packet) external view returns (bytes32) {
        return Commitments.ofPacket(packet);
    }

    function ofOnePayload(Packet calldata packet) external view returns (bytes32) {
        return Commitments.ofPacket(packet.destClient, packet.timeoutTimestamp, packet.payloads[0]);
    }

    /// @dev Over memory that is not zero.
    function encode(Packet calldata packet) external pure returns (bytes memory) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            for { let i := 0 } lt(i, 0x2000) { i := add(i, 0x20) } { mstore(add(free, i), not(0)) }
        }
        return PacketBytes.encode(PacketBytes.write(packet));
    }

    /// @dev Over memory that is not zero.
    function encodeAnswered(Packet calldata packet, bytes calldata acknowledgement)
        external
        pure
        returns (bytes memory)
    {
        assembly ("memory-safe") {
            let free := mload(0x40)
            for { let i := 0 } lt(i, 0x2000) { i := add(i, 0x20) } { mstore(add(free, i), not(0)) }
        }
        return PacketBytes.encodeAnswered(PacketBytes.write(packet), acknowledgement);
    }

    /// @dev As the core does: the packet goes to an application, whose answer is laid behind it.
    function encodeBoth(Packet calldata packet, bytes calldata returned)
        external
        view
        returns (bytes memory, bytes memory)
    {
        PacketBytes.Draft memory draft = PacketBytes.write(packet);
        PacketBytes.encode(draft);
        (bool done,) = address(this).staticcall(abi.encodeCall(this.echo, (returned)));
        assert(done);
        bytes memory answer = PacketBytes.takeAnswer(draft);
        return (answer, PacketBytes.encodeWith(draft, answer));
    }

    /// @dev The second of two packets of a batch, with an answer of one word.
    function encodeSecond(Packet calldata first, Packet calldata packet, bytes32 answer)
        external
        pure
        returns (bytes memory)
    {
        PacketBytes.Draft memory draft = PacketBytes.write(first);
        PacketBytes.encode(draft);
        PacketBytes.encodeWith(draft, PacketBytes.putAnswer(draft, bytes32(type(uint256).max)));
        PacketBytes.fill(draft, packet.sequence, packet.timeoutTimestamp, packet.payloads[0].value);
        return PacketBytes.encodeWith(draft, PacketBytes.putAnswer(draft, answer));
    }

    /// @dev Returns these bytes as they are.
    function echo(bytes calldata returned) external pure {
        assembly ("memory-safe") {
            calldatacopy(mload(0x40), returned.offset, returned.length)
            return(mload(0x40), returned.length)
        }
    }

    function key(string calldata kind, string calldata clientId, uint64 sequence)
        external
        pure
        returns (bytes memory)
    {
        if (keccak256(bytes(kind)) == keccak256("commitment")) {
            return Commitments.packetKey(clientId, sequence);
        }
        if (keccak256(bytes(kind)) == keccak256("receipt")) {
            return Commitments.receiptKey(clientId, sequence);
        }
        return Commitments.acknowledgementKey(clientId, sequence);
    }

    function merklePath(bytes[] memory prefix, bytes memory suffix) external pure returns (bytes[] memory) {
        return Commitments.merklePath(prefix, suffix);
    }
}

contract CommitmentsTest is Stack {
    CommitmentsHarness internal harness = new CommitmentsHarness();
    string internal json = vm.readFile("test/fixtures/ibc-v2-packets/vectors.json");

    function test_packets_of_ibc_go() public view {
        uint256 count = _count("packetCommitments");
        for (uint256 i = 0; i < count; ++i) {
            string memory place = _place("packetCommitments", i);
            Packet memory packet = _packet(string.concat(place, ".packet"));
            bytes32 expected = bytes32(_hex(string.concat(place, ".expectedCommitment")));
            assertEq(harness.ofPacket(packet), expected);
            assertEq(harness.ofOnePayload(packet), expected);
            assertEq(commitmentOf(packet), expected);
        }
        assertEq(count, 2);
    }

    function test_acknowledgements_of_ibc_go() public view {
        uint256 count = _count("acknowledgementCommitments");
        for (uint256 i = 0; i < count; ++i) {
            string memory place = _place("acknowledgementCommitments", i);
            bytes memory acknowledgement = _hex(string.concat(place, ".appAcknowledgements[0]"));
            bytes32 expected = bytes32(_hex(string.concat(place, ".expectedCommitment")));
            assertEq(Commitments.ofAcknowledgement(acknowledgement), expected);
        }
        assertEq(count, 2);
    }

    function test_store_keys_of_ibc_go() public view {
        uint256 count = _count("storeKeys");
        for (uint256 i = 0; i < count; ++i) {
            string memory place = _place("storeKeys", i);
            bytes memory key = harness.key(
                vm.parseJsonString(json, string.concat(place, ".kind")),
                vm.parseJsonString(json, string.concat(place, ".clientId")),
                uint64(vm.parseJsonUint(json, string.concat(place, ".sequence")))
            );
            assertEq(key, _hex(string.concat(place, ".expectedKey")));
        }
        assertEq(count, 3);
    }

    function test_merkle_paths_of_ibc_go() public {
        uint256 count = _count("merklePaths");
        for (uint256 i = 0; i < count; ++i) {
            string memory place = _place("merklePaths", i);
            bytes[] memory prefix = _hexes(string.concat(place, ".prefix"));
            bytes memory key = _hex(string.concat(place, ".path"));
            if (prefix.length == 0) {
                vm.expectRevert();
                harness.merklePath(prefix, key);
                continue;
            }
            bytes[] memory expected = _hexes(string.concat(place, ".expected"));
            assertEq(abi.encode(harness.merklePath(prefix, key)), abi.encode(expected));
        }
        assertEq(count, 5);
    }

    function test_the_error_acknowledgement_is_the_hash_of_its_name() public view {
        assertEq(Commitments.ERROR_ACKNOWLEDGEMENT, sha256("UNIVERSAL_ERROR_ACKNOWLEDGEMENT"));
        assertEq(
            Commitments.ofAcknowledgement(ERROR_ACK),
            0xe2fb30dfbf7abdeaca82d426534d2b3a9d5444dd2a87fa16d38b77ba1a13ced7
        );
    }

    function testFuzz_commitments_of_any_number_of_payloads(
        uint64 timeoutSeconds,
        string calldata client,
        bytes[3] calldata values,
        uint256 count
    ) public view {
        Packet memory packet = Packet(
            1, "client-0", client, timeoutSeconds, new Payload[](bound(count, 1, values.length))
        );
        for (uint256 i = 0; i < packet.payloads.length; ++i) {
            packet.payloads[i] = Payload("transfer", client, "v", "e", values[i]);
        }
        assertEq(harness.ofPacket(packet), commitmentOf(packet));
        if (packet.payloads.length == 1) assertEq(harness.ofOnePayload(packet), commitmentOf(packet));
    }

    function testFuzz_packets_are_encoded_as_the_compiler_does(
        uint64 sequence,
        uint64 timeoutSeconds,
        string[6] calldata texts,
        bytes calldata value,
        bytes calldata acknowledgement
    ) public view {
        Packet memory packet = Packet(sequence, texts[0], texts[1], timeoutSeconds, new Payload[](1));
        packet.payloads[0] = Payload(texts[2], texts[3], texts[4], texts[5], value);
        assertEq(harness.encode(packet), abi.encode(packet));
        assertEq(harness.encodeAnswered(packet, acknowledgement), abi.encode(packet, acknowledgement));
        (bytes memory answer, bytes memory both) = harness.encodeBoth(packet, abi.encode(acknowledgement));
        assertEq(answer, acknowledgement);
        assertEq(both, _both(packet, acknowledgement));
    }

    function testFuzz_a_batch_writes_each_packet_over_the_one_before(
        uint64[4] calldata numbers,
        string[6] calldata texts,
        bytes[2] calldata values,
        bytes32 answer
    ) public view {
        Packet[2] memory packets;
        for (uint256 i = 0; i < 2; ++i) {
            packets[i] = Packet(numbers[i], texts[0], texts[1], numbers[2 + i], new Payload[](1));
            packets[i].payloads[0] = Payload(texts[2], texts[3], texts[4], texts[5], values[i]);
        }
        assertEq(
            harness.encodeSecond(packets[0], packets[1], answer), _both(packets[1], abi.encodePacked(answer))
        );
    }

    function testFuzz_what_is_not_encoded_bytes_is_no_answer(bytes calldata returned) public view {
        Packet memory packet = Packet(1, "client-0", "client-1", 1, new Payload[](1));
        packet.payloads[0] = Payload("transfer", "transfer", "v", "e", "value");
        (bytes memory answer,) = harness.encodeBoth(packet, returned);
        assertEq(answer.length, 0);
        bytes memory tooLong = bytes.concat(abi.encode(bytes("answer")), new bytes(32));
        (answer,) = harness.encodeBoth(packet, tooLong);
        assertEq(answer.length, 0);
        (answer,) = harness.encodeBoth(packet, abi.encode(0x40, 0, 6, bytes32("answer")));
        assertEq(answer.length, 0);
    }

    function _both(Packet memory packet, bytes memory answer) private pure returns (bytes memory) {
        bytes[] memory acknowledgements = new bytes[](1);
        acknowledgements[0] = answer;
        return abi.encode(packet, acknowledgements);
    }

    /// @dev What a light client of Ethereum computes: keccak256(keccak256(path) ‖ slot).
    function test_commitments_stand_at_the_published_slot() public {
        deposit(alice, 5);
        bytes32 base = 0x1260944489272988d9df285149b5aa1b0f48f2136d6f416159f840a3e0747600;
        assertEq(
            base,
            keccak256(abi.encode(uint256(keccak256("ibc.storage.IBCStore")) - 1)) & ~bytes32(uint256(0xff))
        );
        bytes32 path = keccak256(abi.encodePacked("client-0", bytes1(0x01), uint64(1)));
        bytes32 stored = vm.load(address(core), keccak256(abi.encodePacked(path, base)));
        assertEq(stored, core.getCommitment(path));
        assertTrue(stored != 0);
    }

    function _packet(string memory place) private view returns (Packet memory packet) {
        packet = Packet(
            uint64(vm.parseJsonUint(json, string.concat(place, ".sequence"))),
            vm.parseJsonString(json, string.concat(place, ".sourceClient")),
            vm.parseJsonString(json, string.concat(place, ".destinationClient")),
            uint64(vm.parseJsonUint(json, string.concat(place, ".timeoutTimestamp"))),
            new Payload[](1)
        );
        place = string.concat(place, ".payloads[0]");
        packet.payloads[0] = Payload(
            vm.parseJsonString(json, string.concat(place, ".sourcePort")),
            vm.parseJsonString(json, string.concat(place, ".destinationPort")),
            vm.parseJsonString(json, string.concat(place, ".version")),
            vm.parseJsonString(json, string.concat(place, ".encoding")),
            _hex(string.concat(place, ".value"))
        );
    }

    function _count(string memory list) private view returns (uint256 count) {
        while (vm.keyExistsJson(json, _place(list, count))) ++count;
    }

    function _place(string memory list, uint256 index) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(index), "]");
    }

    function _hex(string memory place) private view returns (bytes memory) {
        return vm.parseBytes(string.concat("0x", vm.parseJsonString(json, place)));
    }

    function _hexes(string memory place) private view returns (bytes[] memory list) {
        string[] memory texts = vm.parseJsonStringArray(json, place);
        list = new bytes[](texts.length);
        for (uint256 i = 0; i < texts.length; ++i) {
            list[i] = vm.parseBytes(string.concat("0x", texts[i]));
        }
    }
}
