"""Services of cloud platforms for their own machines: metadata, which may contain passwords, and services of the host.

They are never fetched, even if private addresses are allowed. Most of these addresses are private; some are not.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final


@dataclass(frozen=True, slots=True)
class _Service:
    platform: str
    hosts: tuple[str, ...]
    """Addresses and host names."""
    source: str
    """The page that names them."""


SERVICES: Final = (
    _Service(
        "Amazon EC2, and others that use its address",
        ("169.254.169.254", "fd00:ec2::254"),
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html",
    ),
    _Service(
        "Amazon ECS",
        ("169.254.170.2",),
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
    ),
    _Service(
        "Amazon EKS",
        ("169.254.170.23", "fd00:ec2::23"),
        "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html",
    ),
    _Service(
        "Google Cloud",
        ("metadata.google.internal", "metadata.goog", "metadata", "fd20:ce::254"),
        "https://cloud.google.com/compute/docs/metadata/querying-metadata",
    ),
    _Service(
        "Azure",
        ("168.63.129.16",),
        "https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16",
    ),
    _Service(
        "Alibaba Cloud",
        ("100.100.100.200",),
        "https://www.alibabacloud.com/help/en/ens/instance-metadata",
    ),
    _Service(
        "Oracle Cloud",
        ("fd00:c1::a9fe:a9fe",),
        "https://docs.oracle.com/iaas/Content/Compute/Tasks/gettingmetadata.htm",
    ),
    _Service(
        "Tencent Cloud",
        ("metadata.tencentyun.com", "169.254.0.23"),
        "https://www.tencentcloud.com/document/product/213/4934",
    ),
    _Service(
        "Scaleway",
        ("169.254.42.42", "fd00:42::42"),
        "https://docs.cloud-init.io/en/latest/reference/datasources/scaleway.html",
    ),
)


def _split() -> tuple[frozenset[IPv4Address | IPv6Address], frozenset[str]]:
    """Return the addresses and the names of all services."""
    addresses, names = set(), set()
    for service in SERVICES:
        for host in service.hosts:
            try:
                addresses.add(ip_address(host))
            except ValueError:
                names.add(host)
    return frozenset(addresses), frozenset(names)


SERVICE_ADDRESSES, _NAMES = _split()


def is_service_name(host: str) -> bool:
    """Return whether the host of a URL is the name of such a service."""
    return host.rstrip(".").casefold() in _NAMES
