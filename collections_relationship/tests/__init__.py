from . import test_payment_page
from . import test_refresh
from . import test_night
from . import test_incoming_mail
from . import test_demo
from . import test_rights
from . import test_views
from . import test_import
