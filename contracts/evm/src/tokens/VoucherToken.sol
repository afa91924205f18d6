// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Clones } from "@openzeppelin/contracts/proxy/Clones.sol";
import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token of another chain, as the vault issues it here
/// @notice One clone a denomination; the full path of the denomination is in the clone's code and is its
/// name.
/// Only the vault mints and burns, and it burns only what its caller sends back.
contract VoucherToken is ERC20 {
    /// @notice The vault, as the only one who mints and burns.
    address public immutable VAULT;

    error CallerNotVault(address vault, address caller);

    modifier onlyVault() {
        require(msg.sender == VAULT, CallerNotVault(VAULT, msg.sender));
        _;
    }

    /// @dev Made once by the vault as what its clones run; never used as a token itself.
    constructor() ERC20("", "") {
        VAULT = msg.sender;
    }

    /// @notice Issues tokens that arrived, or that were sent and came back.
    function mint(address to, uint256 amount) external onlyVault {
        _mint(to, amount);
    }

    /// @notice Destroys tokens that leave for where they came from.
    function burn(address from, uint256 amount) external onlyVault {
        _burn(from, amount);
    }

    /// @notice The full path, e.g. `transfer/client-0/uatom`.
    function name() public view override returns (string memory) {
        return string(Clones.fetchCloneArgs(address(this)));
    }

    /// @notice What stands behind the path's last slash.
    function symbol() public view override returns (string memory) {
        bytes memory path = Clones.fetchCloneArgs(address(this));
        uint256 start = path.length;
        while (start != 0 && path[start - 1] != "/") --start;
        bytes memory base = new bytes(path.length - start);
        for (uint256 i = 0; i < base.length; ++i) {
            base[i] = path[start + i];
        }
        return string(base);
    }

    /// @notice Six, as the hub's cash and as is usual on Cosmos; packets don't tell. For display only.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
