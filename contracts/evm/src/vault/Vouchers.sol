// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";
import { IExitVault } from "../interfaces/IExitVault.sol";
import { VoucherToken } from "../tokens/VoucherToken.sol";
import { AddressText } from "./AddressText.sol";
import { TransferData } from "./TransferData.sol";

/// @title Denominations of tokens, and tokens of denominations
/// @notice A token made here is called by its address; one made elsewhere is a voucher, a clone at an address
/// that follows from its full path. A path begins with the client that it came over, so that no client can
/// mint what another brought.
abstract contract Vouchers is IExitVault {
    address private immutable VOUCHER_CODE;

    mapping(bytes32 pathHash => address token) private _voucherOf;
    mapping(address token => bool) private _isVoucher;

    /// @notice A token of another chain has a voucher from now on.
    event VoucherCreated(address indexed token, string denom);

    error UnknownDenom(string denom);

    constructor() {
        VOUCHER_CODE = address(new VoucherToken());
    }

    /// @notice The voucher of a full path, e.g. `transfer/client-0/uatom`; zero before its first token came.
    function voucherOf(string calldata denom) external view returns (address) {
        return _voucherOf[keccak256(bytes(denom))];
    }

    /// @inheritdoc IExitVault
    function denomOf(address token) public view returns (string memory) {
        return _isVoucher[token] ? string(Clones.fetchCloneArgs(token)) : AddressText.write(token);
    }

    /// @dev The token that a path names here: an address in lower case, or the path of a voucher. Reverts for
    /// a path that this vault never wrote.
    function _tokenOf(bytes calldata denom) internal view returns (address token) {
        bool isAddress;
        (isAddress, token) = AddressText.tryRead(denom);
        if (isAddress) return token;
        token = _voucherOf[keccak256(denom)];
        require(token != address(0), UnknownDenom(string(denom)));
    }

    /// @dev The voucher of a path, made now if it never came before.
    function _ensureVoucher(bytes memory path) internal returns (VoucherToken) {
        bytes32 pathHash = keccak256(path);
        address token = _voucherOf[pathHash];
        if (token == address(0)) {
            TransferData.requirePath(path);
            token = Clones.cloneDeterministicWithImmutableArgs(VOUCHER_CODE, path, pathHash);
            _voucherOf[pathHash] = token;
            _isVoucher[token] = true;
            emit VoucherCreated(token, string(path));
        }
        return VoucherToken(token);
    }
}
