@NullMarked
package org.bgppeer.session;

import org.jspecify.annotations.NullMarked;
