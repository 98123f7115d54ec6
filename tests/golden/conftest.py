import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # importlib mode: the readers are found beside the tests
