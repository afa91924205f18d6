// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Test } from "forge-std/Test.sol";
import { AddressText } from "../../src/vault/AddressText.sol";
import { HubAddress } from "../../src/vault/HubAddress.sol";
import { DecimalText } from "../../src/core/DecimalText.sol";

contract AddressTextTest is Test {
    struct Case {
        address account;
        string text;
    }

    function tryRead(bytes calldata text, uint256 from, uint256 end) external pure returns (bool, address) {
        return AddressText.tryRead(text[from:end]);
    }

    function testFuzz_written_as_lower_case_hex(address value) public pure {
        assertEq(AddressText.write(value), vm.toLowercase(vm.toString(value)));
    }

    function testFuzz_read_back(address value, bytes calldata before) public view {
        bytes memory text = bytes.concat(before, bytes(AddressText.write(value)));
        (bool valid, address read) = this.tryRead(text, before.length, before.length + 42);
        assertTrue(valid);
        assertEq(read, value);
    }

    function testFuzz_any_other_byte_at_any_place_is_refused(address value, uint256 place, bytes1 other)
        public
        view
    {
        bytes memory text = bytes(AddressText.write(value));
        place = bound(place, 0, 41);
        bool isDigit = (other >= "0" && other <= "9") || (other >= "a" && other <= "f");
        if (place == 0 ? other == "0" : place == 1 ? other == "x" : isDigit) return;
        text[place] = other;
        (bool valid, address read) = this.tryRead(text, 0, 42);
        assertFalse(valid);
        assertEq(read, address(0));
    }

    function test_every_byte_value_at_every_place() public view {
        for (uint256 place = 2; place < 42; ++place) {
            for (uint256 value = 0; value < 256; ++value) {
                bytes memory text =
                    bytes(AddressText.write(address(0x1234567890AbcdEF1234567890aBcdef12345678)));
                text[place] = bytes1(uint8(value));
                (bool valid,) = this.tryRead(text, 0, 42);
                bool isDigit = (value >= 48 && value <= 57) || (value >= 97 && value <= 102);
                assertEq(valid, isDigit);
            }
        }
    }

    function test_other_lengths_are_refused() public view {
        bytes memory text = bytes(AddressText.write(address(0xBEEF)));
        (bool valid,) = this.tryRead(text, 0, 41);
        assertFalse(valid);
        (valid,) = this.tryRead(text, 1, 42);
        assertFalse(valid);
        (valid,) = this.tryRead(bytes.concat(text, "0"), 0, 43);
        assertFalse(valid);
        (valid,) = this.tryRead("", 0, 0);
        assertFalse(valid);
    }

    function test_hub_addresses_are_those_of_a_bech32_library() public view {
        string memory json = vm.readFile("test/fixtures/hub-addresses/vectors.json");
        uint256 count = 0;
        while (vm.keyExistsJson(json, string.concat(".cases[", vm.toString(count), "]"))) {
            string memory place = string.concat(".cases[", vm.toString(count), "]");
            address account = vm.parseJsonAddress(json, string.concat(place, ".account"));
            string memory expected = vm.parseJsonString(json, string.concat(place, ".address"));
            assertEq(HubAddress.write(bytes20(account)), expected);
            assertEq(HubAddress.write(bytes20(account), 3), string.concat(expected, "/3"));
            assertEq(HubAddress.write(bytes20(account), 0), expected);
            ++count;
        }
        assertEq(count, 64);
    }

    function testFuzz_decimal_text(uint256 value) public pure {
        assertEq(DecimalText.write(value), vm.toString(value));
        assertEq(DecimalText.write(value % 11), vm.toString(value % 11));
    }
}
