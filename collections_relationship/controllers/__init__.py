from . import letter_page
from . import payment_page
from . import statement_page
from . import preference_page
from . import arrangement_page
from . import policy_page
