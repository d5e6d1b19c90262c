"""What a petition's own key seals is sealed by AES-GCM; what was sealed before stays as it is."""

revision = "0004"
down_revision = "0003"
oldest = "0004"  # one from before cannot open it


def upgrade() -> None:
    """Nothing: no row changes, only what is written into them from now on."""
