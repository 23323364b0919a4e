"""Addresses of clients, as limits count them."""

from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

SUBSCRIBER_BITS: Final = 64  # of an IPv6 address: one subscriber has all addresses that share them (RFC 6177)


def address_key(host: str) -> str:
    """What the connections of an address are counted by: itself, or the network of an IPv6 subscriber; "" for none."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Network((address, SUBSCRIBER_BITS), strict=False))
    return host
